import Notifications
import Repository
import Testing

@testable import WebServing

@Suite struct QueryReaderTests {
    @Test func readsWhatIsThere() throws {
        var query = QueryReader("type=test.started&since=2026-11-23T10:00:00+01:00&limit=7&target=channel%3A01%C3%A9")
        let type: EventType? = query.choice("type")
        let span = query.span()
        #expect(type == .testStarted)
        #expect(span.since == Timestamp(rfc3339: "2026-11-23T09:00:00Z"))
        #expect(span.until == nil)
        #expect(query.page().limit == 7)
        #expect(query.text("target") == "channel:01é")
        try query.finish()
    }

    @Test func leftOutMeansFiftyFromTheStart() throws {
        var query = QueryReader(nil)
        let page = query.page()
        #expect(page.limit == 50)
        #expect(page.cursor == nil)
        try query.finish()
    }

    @Test func takesItsOwnCursors() throws {
        var query = QueryReader("cursor=" + Cursor(position: "12").text(of: "/list"), of: "/list")
        #expect(query.page().cursor == Cursor(position: "12"))
        try query.finish()
    }

    @Test func namesAllErrorsAtOnce() {
        var query = QueryReader(
            "limit=0&cursor=abc&since=2026-13-01&until=yesterday&type=test.begun&sort=created_at&channel_id=7"
                + "&x=%ff&state=due&state=due"
        )
        _ = query.page()
        _ = query.span()
        let type: EventType? = query.choice("type")
        let channel: ChannelID? = query.uniqueID("channel_id")
        let state: DeliveryState? = query.choice("state")
        #expect(type == nil && channel == nil && state == nil)
        let error = #expect(throws: InvalidInput.self) { try query.finish() }
        let fields = Set(error?.errors.map(\.field) ?? [])
        #expect(
            fields == ["query", "limit", "cursor", "since", "until", "type", "channel_id", "state", "sort"])
    }

    @Test(arguments: ["251", "+5", "05", "1.0", "", "-1", "9223372036854775808", "%35%"])
    func refusesOtherLimits(_ text: String) {
        var query = QueryReader("limit=\(text)")
        _ = query.page()
        #expect(throws: InvalidInput.self) { try query.finish() }
    }

    @Test func refusesAnEndBeforeTheStart() {
        var query = QueryReader("since=2026-11-23T10:00:00Z&until=2026-11-23T09:59:59Z")
        _ = query.span()
        let error = #expect(throws: InvalidInput.self) { try query.finish() }
        #expect(error?.errors.map(\.field) == ["until"])
    }

    @Test func routesWithoutParametersRefuseAny() throws {
        try QueryReader.refuseAll(nil)
        try QueryReader.refuseAll("")
        #expect(throws: InvalidInput.self) { try QueryReader.refuseAll("key=rb_secret") }
    }
}
