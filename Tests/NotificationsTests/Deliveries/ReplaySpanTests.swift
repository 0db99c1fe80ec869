import Notifications
import Testing

@Suite struct ReplaySpanTests {
    private let now = Timestamp(seconds: 1000)

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    @Test func endsNowAtTheLatest() throws {
        for until in [nil, at(1000), at(2000)] {
            let span = try ReplaySpan(since: at(1000), until: until, now: now)
            #expect(span.since == now && span.until == now)
        }
        #expect(try ReplaySpan(since: at(10), until: at(20), now: now).until == at(20))
        #expect(try ReplaySpan(since: at(10), until: at(10), now: now).until == at(10))
    }

    @Test func beginsInThePastAndEndsAfterwards() {
        for until in [nil, at(20), at(2000)] {
            #expect(throws: ReplaySpan.Mistake.beginsInFuture) {
                try ReplaySpan(since: at(1001), until: until, now: now)
            }
        }
        #expect(throws: ReplaySpan.Mistake.endsBeforeItBegins) { try ReplaySpan(since: at(10), until: at(9), now: now) }
    }
}
