import Notifications
import Testing

@Suite struct DeliveryTallyTests {
    private func tally(_ waits: [Duration]) -> DeliveryTally {
        var tally = DeliveryTally()
        for wait in waits { tally.noteArrival(after: wait) }
        return tally
    }

    @Test(
        arguments: [
            ([], 0.5, nil), ([.milliseconds(10)], 0.5, .milliseconds(10)),
            ([.microseconds(10_001)], 0.5, .milliseconds(20)),
            ([.milliseconds(-5)], 0.95, .milliseconds(10)),
            ([.milliseconds(1), .milliseconds(3000)], 0.5, .milliseconds(10)),
            ([.milliseconds(1), .milliseconds(3000)], 0.95, .seconds(5)), ([.seconds(86_400)], 0.5, .seconds(86_400)),
            ([.seconds(86_401)], 0.5, nil), ([.seconds(300)], 0.5, .seconds(300)),
            ([.seconds(301)], 0.5, .seconds(900)),
        ] as [([Duration], Double, Duration?)])
    func aShareArrivesWithinASpan(_ waits: [Duration], share: Double, span: Duration?) {
        #expect(tally(waits).span(of: share) == span)
    }

    @Test func talliesAddUp() {
        var sum = tally([.seconds(1), .seconds(90_000)])
        sum.noteFailure(isLast: false)
        var other = tally([.seconds(1)])
        other.noteFailure(isLast: true)
        sum += other
        #expect(sum.delivered == 3 && sum.failedAttempts == 2 && sum.failed == 1 && sum.attempts == 5)
        #expect(sum.arrivals.reduce(0, +) == 3 && sum.arrivals.last == 1)
    }

    /// Each has a column: channel_hours.
    @Test func theSpansRiseAndHaveTheirColumns() {
        #expect(DeliveryTally.spans == DeliveryTally.spans.sorted())
        #expect(DeliveryTally.spans.count == 17)
    }
}
