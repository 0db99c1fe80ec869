import Notifications
import Testing

@testable import runbell

@Suite("Lists that are followed")
struct FollowingTests {
    private func delivery(_ id: String, _ state: String, attempts: Int64 = 0) -> JSONValue {
        ["id": .string(id), "state": .string(state), "attempt_count": .integer(attempts), "updated_at": "now"]
    }

    @Test("Deliveries are told when they are new, and when something about them changes")
    func deliveries() {
        var changes = DeliveryChanges(shownAtFirst: 2)
        let (a, b, c) = (delivery("a", "due"), delivery("b", "due"), delivery("c", "delivered"))
        #expect(changes.news(in: [c, b, a]) == [b, c])
        #expect(changes.news(in: [c, b, a]).isEmpty)
        let later = delivery("a", "due", attempts: 1)
        let new = delivery("d", "due")
        #expect(changes.news(in: [new, c, b, later]) == [later, new])
        #expect(changes.news(in: [new]).isEmpty)
    }

    @Test("Rows come below headings that are printed once, and columns only become wider")
    func table() {
        var list = FollowedList(json: false, headings: Table("ID", "NAME")) { item, table in
            table.add(item["id"]?.cell, item["name"]?.cell)
        }
        #expect(list.text([]) == "ID  NAME")
        #expect(list.text([]) == nil)
        #expect(list.text([["id": 1234, "name": "a"]]) == "1234  a")
        #expect(list.text([["id": 1, "name": "b"]]) == "1     b")
        var lines = FollowedList(json: true, headings: Table("ID")) { _, _ in }
        #expect(lines.text([]) == nil)
        #expect(lines.text([["id": 1], ["id": 2]]) == "{\"id\":1}\n{\"id\":2}")
    }

    @Test("A feed begins behind the newest event, and goes on where it was after an outage")
    func feed() async throws {
        let transport = ScriptedTransport([
            .answer(200, #"{"data": [], "last_sequence": 7}"#),
            .answer(200, #"{"data": [{"sequence": 8}, {"sequence": 9}], "last_sequence": 9}"#),
            .answer(503), .answer(200, #"{"data": [], "last_sequence": 9}"#), .answer(403, "{}"),
        ])
        var feed = try await EventFeed(
            APIClient(url: "http://a", key: nil, transport: transport), "/v1/organizations/1")
        #expect(feed.last == 7)
        #expect(try await feed.next().compactMap { $0["sequence"]?.integer } == [8, 9])
        #expect(try await feed.next().isEmpty && feed.last == 9)
        #expect(try await feed.next().isEmpty)
        let path = "http://a/v1/organizations/1/events/live"
        let queries = ["", "?after=7&wait=20", "?after=9&wait=20", "?after=9&wait=20"]
        #expect(transport.requests.map(\.url) == queries.map { path + $0 })
        do {
            _ = try await feed.next()
            Issue.record("A refusal is not survived.")
        } catch {
            #expect(error.exit == .refused)
        }
    }

    @Test("New events are filtered as the list is")
    func filters() {
        let event: JSONValue = [
            "content": [
                "event": "test.finished", "load_test_run_id": 42, "status": 12, "project_id": 3,
                "name": "Checkout, 200 users",
            ]
        ]
        let alert: JSONValue = ["content": ["event": "channel.disabled"]]
        for (filter, takesEvent, takesAlert) in [
            (FollowedEvents(type: nil, run: nil, statuses: []), true, true),
            (FollowedEvents(type: "test.finished", run: 42, statuses: [9, 12]), true, false),
            (FollowedEvents(type: "test.started", run: nil, statuses: []), false, false),
            (FollowedEvents(type: nil, run: 43, statuses: []), false, false),
            (FollowedEvents(type: nil, run: nil, statuses: [3]), false, false),
            (FollowedEvents(type: nil, run: nil, statuses: [], project: 3, name: "USERS check"), true, false),
            (FollowedEvents(type: nil, run: nil, statuses: [], project: 4), false, false),
            (FollowedEvents(type: nil, run: nil, statuses: [], name: "login"), false, false),
        ] {
            #expect(filter.wants(event) == takesEvent && filter.wants(alert) == takesAlert, "\(filter)")
        }
    }

    @Test("A test is tried again as long as that may help, and there is time")
    func patience() async throws {
        for (verdicts, seconds, count) in [
            (["retry", "postponed", "delivered", "retry"], 60, 3), (["refused"], 60, 1), (["gone"], 60, 1),
            (["retry"], 0, 1), (["delivered"], 0, 1),
        ] as [([String], Int, Int)] {
            let transport = ScriptedTransport(verdicts.map { .answer(200, #"{"verdict": "\#($0)"}"#) })
            let client = APIClient(url: "http://a", key: nil, transport: transport)
            let patience = TestPatience(for: .seconds(seconds), pause: .milliseconds(1))
            let report = try await patience.test { () async throws(CommandFailure) in try await client.get("/test") }
            #expect(transport.requests.count == count)
            #expect(report.json["verdict"]?.string == verdicts[count - 1])
        }
    }
}
