import Notifications
import Testing

@testable import WebServing

/// Whose reads are served, at times that the test sets.
@Suite struct ReadingSchedulerTests {
    private typealias FairScheduler = ReadingScheduler<String>

    private let start = ContinuousClock.now
    private let one = OrganizationID(1)
    private let two = OrganizationID(2)

    private func begun(_ scheduler: inout FairScheduler, after milliseconds: Int = 0) -> [String] {
        scheduler.steps(at: start + .milliseconds(milliseconds)).begun.map(\.piece)
    }

    private func rests(_ scheduler: inout FairScheduler) -> [Duration] {
        scheduler.steps(at: start).resting.map(\.time)
    }

    private func scheduler(atOnce: Int, _ pieces: [(String, OrganizationID?)]) -> FairScheduler {
        var scheduler = FairScheduler(atOnce: atOnce)
        for (piece, reader) in pieces { scheduler.add(piece, of: reader, at: start) }
        return scheduler
    }

    @Test func organizationsTakeTurnsWithOnePieceEach() {
        var scheduler = scheduler(atOnce: 2, [("a1", one), ("a2", one), ("a3", one), ("b1", two), ("c1", nil)])
        #expect(begun(&scheduler) == ["a1", "b1"])
        #expect(begun(&scheduler) == [], "there is no room")
        scheduler.end(of: two, after: .zero, at: start)
        #expect(begun(&scheduler) == ["c1"])
        scheduler.end(of: nil, after: .zero, at: start)
        #expect(begun(&scheduler) == [], "the first has one under way")
        scheduler.end(of: one, after: .zero, at: start)
        #expect(begun(&scheduler) == ["a2"])
    }

    @Test func whoHasWorkedForLongRestsThreeTimesAsLong() {
        var scheduler = scheduler(atOnce: 1, [("a1", one), ("a2", one), ("b1", two)])
        #expect(begun(&scheduler) == ["a1"])
        scheduler.end(of: one, after: .milliseconds(350), at: start)
        #expect(begun(&scheduler) == ["b1"])
        scheduler.end(of: two, after: .zero, at: start)
        #expect(
            rests(&scheduler) == [.milliseconds(400)],
            "100 ms more than the first 250 are worked off in four times as long"
        )
        #expect(begun(&scheduler, after: 500) == [], "it is woken")
        scheduler.wake(one)
        #expect(begun(&scheduler, after: 400) == ["a2"])
    }

    @Test func whatTheDatabaseWorksCountsToo() {
        var scheduler = scheduler(atOnce: 1, [("a1", one)])
        #expect(begun(&scheduler) == ["a1"])
        scheduler.note(.milliseconds(400), of: one, at: start)
        scheduler.end(of: one, after: .zero, at: start)
        scheduler.add("a2", of: one, at: start)
        #expect(rests(&scheduler) == [.milliseconds(600)])
    }

    @Test func nobodyRestsForLong() {
        var scheduler = scheduler(atOnce: 1, [("a1", one)])
        #expect(begun(&scheduler) == ["a1"])
        scheduler.end(of: one, after: .seconds(60), at: start)
        scheduler.add("a2", of: one, at: start)
        #expect(rests(&scheduler) == [.seconds(3)])
    }

    @Test func whoRestsIsWokenOnce() {
        var scheduler = scheduler(atOnce: 1, [("a1", one), ("a2", one)])
        #expect(begun(&scheduler) == ["a1"])
        scheduler.end(of: one, after: .seconds(1), at: start)
        #expect(rests(&scheduler).count == 1)
        scheduler.add("a3", of: one, at: start)
        #expect(rests(&scheduler).isEmpty, "it rests already")
    }

    @Test func whoReadsNoMoreIsForgotten() {
        var scheduler = FairScheduler(atOnce: 1)
        for number in 0..<10_000 {
            scheduler.add("", of: OrganizationID(Int64(number)), at: start)
            _ = scheduler.steps(at: start)
            scheduler.end(of: OrganizationID(Int64(number)), after: .zero, at: start)
        }
        #expect(scheduler.size <= 1_000)
    }
}
