import Notifications
import Testing

@Suite struct RetryScheduleTests {
    private let schedule = RetrySchedule.standard

    @Test func theStandardScheduleIsAsDocumented() {
        let minutes: [Double] = [5.0 / 60, 0.5, 2, 10, 30, 60, 180, 360, 720, 1080, 1920]
        #expect(schedule.steps == minutes.map { .seconds(Int($0 * 60)) })
        #expect(schedule.attempts == 12)
        let sum = schedule.steps.reduce(.zero, +)
        #expect(sum > .seconds(72 * 3600) && sum < .seconds(73 * 3600))
    }

    @Test func delaysAreBetweenHalfAndOneAndAHalfOfTheStep() throws {
        for (index, step) in schedule.steps.enumerated() {
            #expect(schedule.delay(afterAttempt: index + 1, random: 0) == step / 2)
            #expect(schedule.delay(afterAttempt: index + 1, random: 0.5) == step)
            for _ in 0..<200 {
                let delay = try #require(schedule.delay(afterAttempt: index + 1, random: .random(in: 0..<1)))
                #expect(delay >= step / 2 && delay < step * 3 / 2)
            }
        }
    }

    @Test func spreadsSimultaneousFailures() throws {
        let delays = try (0..<10_000).map { _ in
            try #require(schedule.delay(afterAttempt: 1, random: .random(in: 0..<1))).microseconds
        }
        let spread = try #require(delays.max()) - (try #require(delays.min()))
        #expect(spread > 1_000_000)
        #expect(Set(delays).count > 9000)
    }

    @Test(arguments: [12, 13, 1000, 0, -1])
    func endsAfterTwelveAttempts(_ attempt: Int) {
        #expect(schedule.delay(afterAttempt: attempt, random: 0.5) == nil)
    }
}
