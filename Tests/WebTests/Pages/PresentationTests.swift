import EventRouting
import Notifications
import Repository
import Testing

@testable import WebAPI
@testable import WebPages

@Suite struct PresentationTests {
    @Test func pagesThroughAShortList() throws {
        let all = [5, 3, 9, -2, 7].map { Item(id: UserID($0)) }
        var seen: [Int64] = []
        var cursor: Cursor?
        repeat {
            let page = try Page(
                of: all, PageRequest(limit: 2, cursor: cursor), id: \.id, position: \.description
            ) { Int64($0).map { UserID($0) } }
            #expect(page.items.count <= 2)
            seen += page.items.map(\.id.value)
            cursor = page.next
        } while cursor != nil
        #expect(seen == [-2, 3, 5, 7, 9])
    }

    @Test func refusesTheCursorOfAnotherList() {
        let request = PageRequest(limit: 2, cursor: Cursor(position: "x"))
        #expect(throws: InvalidInput.self) {
            try Page(of: [Item(id: UserID(1))], request, id: \.id, position: \.description) {
                Int64($0).map { UserID($0) }
            }
        }
    }

    @Test func showsTheTimingsThatThereAre() {
        let timings = Timings(connect: .microseconds(1500), total: .milliseconds(20))
        #expect(
            timings.json == ["resolve": nil, "connect": .number(1.5), "tls": nil, "head": nil, "total": .number(20)])
    }

    /// Neither the API's report nor the page assumes HTTP: they show what the message says about itself.
    @Test func showsAMessageOfAnotherProtocol() {
        let message = RedactedMessage(
            transport: "SMTP", envelope: [.init("from", "a@example.org"), .init("to", "b@example.org")],
            headers: [.init("Subject", "Load test started")], body: "It runs.")
        #expect(
            message.json == [
                "from": "a@example.org", "to": "b@example.org",
                "headers": [["name": "Subject", "value": "Load test started"]], "body": "It runs.",
            ])
        let answer = Answer(status: 250, body: Array("queued".utf8), at: Timestamp(seconds: 0))
        let report = TestReport(
            id: DeliveryID(at: answer.at), at: answer.at, message: message,
            exchange: Exchange(result: .answered(answer)), verdict: .delivered, text: "Took it.")
        let view = TestResultView(report)
        #expect(view.status == "SMTP 250" && view.body == "queued")
        #expect(view.request.text == "a@example.org b@example.org\nSubject: Load test started\n\nIt runs.")
    }

    @Test func showsTheFirstBytesOfAnAnswer() {
        let answer = Answer(
            status: 200, headers: [.init("Server", "x")], body: Array(repeating: UInt8(ascii: "a"), count: 5000),
            at: Timestamp(seconds: 0))
        #expect(answer.json["body"]?.string?.utf8.count == 4096)
        #expect(answer.json["headers"] == [["name": "Server", "value": "x"]])
    }

    @Test(
        arguments: [
            (.refused("10.0.0.1"), "refused"), (.resolving("x"), "resolving"), (.tls("x"), "tls"),
            (.timedOut(.waiting), "timed_out.waiting"), (.disconnected, "disconnected"), (.malformed("x"), "malformed"),
        ] as [(TransportFailure, String)])
    func everyFailureHasAWord(_ failure: TransportFailure, word: String) {
        #expect(failure.word == word)
    }

    @Test func showsAnAuditEntrysDetailAsJSON() {
        let entry = AuditEntry(
            organizationID: OrganizationID(1), sequence: 2, at: Timestamp(seconds: 0), actor: "operator",
            action: "channel.created", target: "channel:x", detail: #"{"name":"a"}"#, previousHash: "0", hash: "1")
        #expect(entry.json["detail"] == ["name": "a"])
        #expect(entry.json["at"] == "1970-01-01T00:00:00.000000Z")
    }

    private struct Item: Sendable {
        let id: UserID
    }
}
