import Notifications
import Testing

@testable import runbell

/// The stand-ins whose messages can be answered or replaced know which ones they have.
@Suite("Stand-ins with threads")
struct ThreadingDoubleTests {
    /// A kind, its settings, and the ones by which the end of a run refers to its start.
    static let cases: [(kind: String, settings: [(String, String)], how: String)] = [
        ("discord", [("url", "http://127.0.0.1/api/webhooks/1/secret")], "replace"),
        ("telegram", telegram, "replace"), ("telegram", telegram, "threads"),
        ("matrix", matrix, "replace"), ("matrix", matrix, "threads"),
        ("slack", slack, "replace"), ("slack", slack, "threads"),
    ]

    private static let telegram = [
        ("url", "http://127.0.0.1"), ("token", "123456789:AAExampleExampleExampleExampleExample"), ("chat", "-100123"),
    ]
    private static let matrix = [("url", "http://127.0.0.1"), ("access_token", "secret"), ("room", "!abc:example.org")]
    private static let slack = [
        ("url", "http://127.0.0.1/api"), ("token", "xoxb-0123456789"), ("channel", "#load-tests"),
    ]

    private struct Exchange {
        let kind: any ChannelKind
        let settings: ChannelSettings

        /// Sends a message to a receiver; returns its answer.
        func send(_ content: EventContent, id: String? = nil, to receiver: Receiver, at second: Int64) -> Answer {
            let time = Timestamp(seconds: second)
            let notice = Notice(
                content: content, deliveryID: DeliveryID(at: time), attempt: 1, at: time, startedMessage: id)
            let message: any OutboundMessage = kind.message(for: notice, settings: settings)
            guard let message = message as? HTTPMessage else { return Answer(status: 0, at: time) }
            return Answer(receiver.respond(to: ReceivedRequest(message), at: time))
        }
    }

    private static let start = EventContent.testStarted(run(.running))
    private static let end = EventContent.testFinished(run(.finished))

    @Test("The end of a run refers to a message that the stand-in has", arguments: cases.indices)
    func endsOfRuns(index: Int) throws {
        let (id, settings, how) = Self.cases[index]
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        var all = ChannelSettings(JSONObject(settings.map { .init(key: $0.0, value: .string($0.1)) }))
        all[how] = true
        let exchange = Exchange(kind: kind, settings: all)
        let receiver = Receiver { arrival in #expect(arrival.service.kind == id) }
        let begun = (0..<2).map { exchange.send(Self.start, to: receiver, at: 1000 + $0) }
        let names = begun.map { kind.sentMessage(in: $0) }
        guard case .named(let first) = names[0], names[0] != names[1] else {
            Issue.record("\(names)")
            return
        }
        let ended = exchange.send(Self.end, id: first, to: receiver, at: 1010)
        #expect(kind.verdict(on: ended) == .delivered)
        // Another receiver has no such message. Telegram sends an answer all the same.
        let unknown = exchange.send(Self.end, id: first, to: Receiver { _ in }, at: 1020)
        if id == "telegram", how == "threads" {
            #expect(kind.verdict(on: unknown) == .delivered)
        } else {
            #expect(kind.sentMessage(in: unknown) == .unknown)
        }
        let alone = exchange.send(Self.end, to: receiver, at: 1030)
        #expect(kind.verdict(on: alone) == .delivered)
    }

    @Test("Slack's methods fail as they do", arguments: ForcedFailure.allCases)
    func failuresOfSlack(failure: ForcedFailure) throws {
        let settings = ChannelSettings(JSONObject(Self.slack.map { .init(key: $0.0, value: .string($0.1)) }))
        let receiver = Receiver(role: .init(service: SlackDouble(), failure: failure)) { _ in }
        let verdict = Slack().verdict(
            on: Exchange(kind: Slack(), settings: settings).send(Self.start, to: receiver, at: 1000))
        let words: [ForcedFailure: String] = [
            .rateLimited: "retry", .gone: "gone", .rejected: "refused", .broken: "retry",
        ]
        #expect(verdict.word == words[failure])
        #expect(verdict.finding?.code.hasPrefix("slack.") == true || failure == .broken)
    }

    @Test("Slack's methods want a token and a channel")
    func complaintsOfSlack() throws {
        let path = "/api/chat.postMessage"
        let json = ["content-type": "application/json"]
        let double = SlackDouble()
        let cases: [([String: String], String, String)] = [
            ([:], "{}", "not_authed"), (["authorization": "Bearer x"], "{}", "invalid_auth"),
            (["authorization": "Bearer xoxb-1"], "[]", "invalid_json"),
            (["authorization": "Bearer xoxb-1"], "{}", "channel_not_found"),
            (["authorization": "Bearer xoxb-1"], #"{"channel":"C1"}"#, "no_text"),
        ]
        for (headers, body, word) in cases {
            let request = ReceivedRequest(
                path: path, headers: headers.merging(json) { first, _ in first }, body: Array(body.utf8))
            #expect(double.complaint(about: request) == SlackMethods.says(word))
        }
    }

    private static func run(_ status: TestStatus) -> LoadTestRun {
        LoadTestRun(
            status: status, userID: UserID(1), name: "Checkout", organizationID: OrganizationID(1),
            loadTestID: LoadTestID(7), id: LoadTestRunID(42), projectID: ProjectID(9))
    }
}
