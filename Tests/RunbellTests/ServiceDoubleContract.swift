import Notifications
import Synchronization
import Testing

@testable import runbell

/// A stand-in and its kind check each other: it accepts what the kind sends, and its errors mean to the kind what they
/// stand for.
@Suite("Stand-ins for the services")
struct ServiceDoubleContract {
    /// Mail goes by no HTTP.
    static let kinds = ChannelCatalogue.standard().kinds.filter { $0.group != .mail }.map(\.id)

    @Test("Every kind has one, and it recognizes the service's own paths", arguments: kinds)
    func ownsItsPaths(id: String) throws {
        let double = try #require(ServiceDoubles.double(of: id), "There is no stand-in for \(id).")
        let request = try Self.request(id, .testNotificationChannel)
        #expect(ServiceDoubles.addressee(of: request).kind == id)
        #expect(double.kind == id)
    }

    @Test("It accepts every event of the kind, and its answer means success", arguments: kinds)
    func acceptsTheKindsMessages(id: String) throws {
        let double = try #require(ServiceDoubles.double(of: id))
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        let names = ["Checkout", String(repeating: "<@U1> & `*` 👩‍👩‍👧 ", count: 400)]
        let runs = names.flatMap { name in TestStatus.allCases.map { Self.run($0, name) } }
        for content in [EventContent.testNotificationChannel] + runs.map(EventContent.testFinished) {
            let request = try Self.request(id, content)
            #expect(double.complaint(about: request) == nil)
            #expect(kind.verdict(on: Answer(double.success(request))) == .delivered)
            #expect(!double.summary(of: request).isEmpty)
        }
    }

    @Test("Its errors mean what was asked for", arguments: kinds, ForcedFailure.allCases)
    func failsAsAsked(id: String, failure: ForcedFailure) throws {
        let double = try #require(ServiceDoubles.double(of: id))
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        let verdict = kind.verdict(on: Answer(double.failure(failure)))
        switch failure {
        case .rateLimited:
            // Google Chat does not say how long.
            guard case .retry(_, let wait) = verdict, (wait ?? .zero) > .zero || id == "googlechat" else {
                Issue.record("\(id): \(verdict)")
                return
            }
        case .gone: #expect(verdict.word == "gone")
        // A web hook is retried, since a deploy may be in progress.
        case .rejected: #expect(verdict.word == (id == "webhook" ? "retry" : "refused"))
        case .broken: #expect(verdict.word == "retry")
        }
    }

    @Test("It refuses what is not in the service's format", arguments: kinds.filter { $0 != "webhook" })
    func refusesNonsense(id: String) throws {
        let double = try #require(ServiceDoubles.double(of: id))
        for body in ["", "no", "[]", "{}"] where !(id == "rocketchat" && body == "{}") {
            let answer = try #require(double.complaint(about: ReceivedRequest(body: Array(body.utf8))))
            #expect((400..<500).contains(answer.status))
        }
    }

    @Test(
        "PagerDuty's stand-in names what an event lacks",
        arguments: [
            (#"{"event_action": "close"}"#, "event_action"), (#"{"event_action": "resolve"}"#, "dedup_key"),
            (#"{"event_action": "trigger", "payload": {"summary": "a"}}"#, "payload.source"),
            (#"{"event_action": "trigger", "payload": {"source": "a", "severity": "bad"}}"#, "payload.severity"),
            (#"{"event_action": "trigger", "payload": {"source": "a", "severity": "info"}}"#, "payload.summary"),
        ])
    func pagerDutyFields(event: String, field: String) throws {
        let key = #"{"routing_key": "\#(String(repeating: "0", count: 32))", "#
        let answer = try #require(
            PagerDutyDouble().complaint(
                about: ReceivedRequest(path: "/v2/enqueue", body: Array((key + event.dropFirst()).utf8))))
        #expect(answer.status == 400 && answer.body.utf8.contains(field.utf8))
    }

    @Test("Opsgenie's stand-in wants a key, and Telegram's answers a chat's number", arguments: [-42, nil])
    func particulars(chat: Int64?) {
        let alert = ReceivedRequest(path: "/v2/alerts", body: Array(#"{"message": "a"}"#.utf8))
        #expect(OpsgenieDouble().complaint(about: alert)?.status == 401)
        let message = #"{"chat_id": "\#(chat.map(String.init) ?? "@team")", "text": "a"}"#
        let answer = TelegramDouble().success(ReceivedRequest(path: "/bot1:2/sendMessage", body: Array(message.utf8)))
        let number = (try? JSONValue.parse(Array(answer.body.utf8)))?["result"]?["chat"]?["id"]?.integer
        #expect(number == chat ?? -1_001_234_567_890)
    }

    @Test("The service's rate limit is kept, and a forced error takes precedence")
    func limits() throws {
        let receiver = Receiver(role: .init(service: DiscordDouble())) { _ in }
        let request = try Self.request("discord", .testNotificationChannel)
        let now = Timestamp(seconds: 1000)
        let statuses = (0..<7).map { _ in receiver.respond(to: request, at: now).status }
        #expect(statuses == [204, 204, 204, 204, 204, 429, 429])
        #expect(receiver.respond(to: request, at: now + .seconds(3)).status == 204)
        let failing = Receiver(role: .init(service: DiscordDouble(), failure: .gone)) { _ in }
        #expect(failing.respond(to: request, at: now).status == 404)
        #expect(Receiver(role: .init(status: 418)) { _ in }.respond(to: request, at: now).status == 418)
    }

    @Test("A transaction of Matrix that comes again is told")
    func repeats() throws {
        let seen = Mutex<[Bool]>([])
        let receiver = Receiver { arrival in seen.withLock { $0.append(arrival.isRepeat) } }
        let request = try Self.request("matrix", .testNotificationChannel)
        let answers = (0..<2).map { _ in receiver.respond(to: request, at: Timestamp(seconds: 1)) }
        #expect(answers[0] == answers[1])
        #expect(seen.withLock { $0 } == [false, true])
    }

    private static func run(_ status: TestStatus, _ name: String) -> LoadTestRun {
        LoadTestRun(
            status: status, userID: UserID(1), name: name, organizationID: OrganizationID(1),
            loadTestID: LoadTestID(7), id: LoadTestRunID(42), projectID: ProjectID(9))
    }

    /// The request that a kind makes, with the examples of its fields as settings.
    private static func request(_ id: String, _ content: EventContent) throws -> ReceivedRequest {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        var settings = ChannelSettings()
        for field in kind.fields where field.isRequired || field.standard != nil {
            settings[field.key] = .string(field.standard ?? field.example)
        }
        let time = Timestamp(seconds: 1000)
        let notice = Notice(content: content, deliveryID: DeliveryID(at: time), attempt: 1, at: time)
        let message: any OutboundMessage = kind.message(for: notice, settings: settings)
        return ReceivedRequest(try #require(message as? HTTPMessage))
    }
}
