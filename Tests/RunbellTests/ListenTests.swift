import Notifications
import Testing

@testable import runbell

@Suite("What listen forwards")
struct ListenTests {
    private static let id = "0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a11"
    private static let delivery = "0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a12"
    private static let run = LoadTestRun(
        status: .failedThreshold, userID: UserID(1), name: "Checkout\u{1B}", organizationID: OrganizationID(1),
        loadTestID: LoadTestID(2), id: LoadTestRunID(42), projectID: ProjectID(3))
    private static let content = EventContent.testFinished(run)
    private static let event: JSONValue = [
        "id": .string(id), "sequence": 121, "type": "test.finished", "received_at": "2026-11-23T10:12:30.000000Z",
        "content": content.json,
    ]

    private func hook(like channel: JSONValue? = nil) throws -> LocalWebHook {
        try LocalWebHook(url: "http://127.0.0.1:3000/hook", secret: SigningSecret(), like: channel)
    }

    @Test("The request is the one that a web hook with that secret gets")
    func request() throws {
        let hook = try hook()
        let forwarded = try #require(ForwardedEvent(Self.event))
        let time = Timestamp(seconds: 1_764_000_000)
        let message = hook.message(for: forwarded, at: time)
        var settings = ChannelSettings()
        settings["url"] = .string(hook.url)
        settings["signing_secret"] = .string(hook.secret.reveal())
        let notice = Notice(
            content: Self.content, deliveryID: try #require(DeliveryID(Self.id)), attempt: 1, at: time)
        #expect(message == WebHook().message(for: notice, settings: settings))
        #expect(message.body == Self.content.documentedJSON.compactBytes)
        #expect(message.header("X-LoadImpact-Event") == "test.finished" && message.header("webhook-id") == Self.id)
        let signature = hook.secret.signature(id: Self.id, timestamp: time.seconds, body: message.body)
        #expect(message.header("webhook-signature") == signature)
    }

    @Test("A channel gives its format and its open headers, and no masked secret")
    func channel() throws {
        let channel: JSONValue = [
            "id": "c", "kind": "webhook",
            "settings": [
                "url": "https://ci.example.org/…", "format": "template", "template": #"{"page": "{{run_link}}"}"#,
                "headers": "X-Team: shop", "secret_headers": "…", "signing_secret": "…", "bearer_token": "…",
            ],
        ]
        var hook = try hook(like: channel)
        hook.links = RunLinkTemplate("https://load.example/{load_test_run_id}")
        let message = hook.message(for: try #require(ForwardedEvent(Self.event)), at: Timestamp(seconds: 0))
        #expect(String(decoding: message.body, as: UTF8.self) == #"{"page":"https://load.example/42"}"#)
        #expect(message.header("X-Team") == "shop" && message.url == "http://127.0.0.1:3000/hook")
        #expect(!message.headers.contains { $0.value.contains("…") })
        try hook.use(format: "cloudevents")
        let other = hook.message(for: try #require(ForwardedEvent(Self.event)), at: Timestamp(seconds: 0))
        #expect(other.header("Content-Type")?.contains("cloudevents") == true)
    }

    @Test("Only a web hook can be stood in for, and a template needs one")
    func wrongChannel() {
        #expect(throws: CommandFailure.self) { try hook(like: ["id": "c", "kind": "slack"]) }
        #expect(throws: CommandFailure.self) {
            var hook = try hook()
            try hook.use(format: "template")
        }
    }

    @Test(
        "An address may be written without its scheme",
        arguments: [
            ("localhost:3000/hook", "http://localhost:3000/hook"), ("http://[::1]:1", "http://[::1]:1"),
            ("https://a.example/x", "https://a.example/x"), ("ftp://a", nil), ("", nil), ("a b", nil),
        ])
    func addresses(typed: String, url: String?) {
        #expect(LocalWebHook.url(typed) == url)
    }

    @Test("Without a channel, everything is forwarded that a channel may get", arguments: EventType.allCases)
    func types(type: EventType) {
        let event: JSONValue = ["type": .string(type.rawValue)]
        let isForFallback = type == .channelDisabled || type == .channelUnreachable
        #expect(EventSource.wants(event, types: [], isForChannel: false) == !isForFallback)
        #expect(EventSource.wants(event, types: [], isForChannel: true))
        #expect(!EventSource.wants(event, types: ["another.type"], isForChannel: true))
    }

    @Test("What the channel does not get is not forwarded, and the rest goes under its delivery's ID")
    func outcomes() throws {
        let sent = EventSource.forwarded(
            Self.event, outcome: ["delivery_id": .string(Self.delivery), "state": "claimed", "text": "T."])
        #expect(sent?.refusal == nil && sent?.deliveryID.text == Self.delivery)
        for (outcome, refusal) in [
            (["delivery_id": .string(Self.delivery), "state": "skipped", "text": "Not wanted."], "Not wanted."),
            (["delivery_id": .null, "state": "none", "text": "It did not exist."], "It did not exist."),
            (.null, "The channel does not get this event."),
        ] as [(JSONValue, String)] {
            #expect(EventSource.forwarded(Self.event, outcome: outcome)?.refusal == refusal)
        }
    }

    @Test("The answer is shown, on one line")
    func results() async throws {
        for (answer, ending) in [
            (.answer(200), "→ 200 in 0 ms"), (.answer(500), "→ 500, not received in 0 ms"),
            (.failed(.connecting("refused")), "→ no answer: could not connect (refused)"),
        ] as [(ExchangeResult, String)] {
            let transport = ScriptedTransport([answer])
            let result = await Forwarding(hook: try hook(), transport: transport).forward(ForwardedEvent(Self.event))
            #expect(
                result.text == "10:12:30Z  #121  test.finished  Failed threshold  Checkout\u{FFFD}  \(ending)")
            #expect(transport.requests.count == 1)
            #expect(result.json["webhook_id"] == .string(Self.id))
        }
        let shown = await Forwarding(hook: nil, transport: ScriptedTransport([])).forward(ForwardedEvent(Self.event))
        #expect(shown.text == "10:12:30Z  #121  test.finished  Failed threshold  Checkout\u{FFFD}")
        #expect(shown.json["status"] == .null && shown.json["event"] == Self.event)
        let message = PostedMessage(organizationID: OrganizationID(1), room: "CI", text: "Build 12\npassed.")
        let posted: JSONValue = [
            "id": .string(Self.id), "sequence": 122, "received_at": "2026-11-24T10:12:31Z", "content": message.json,
        ]
        let told = await Forwarding(hook: nil, transport: ScriptedTransport([])).forward(ForwardedEvent(posted))
        #expect(told.text == "10:12:31Z  #122  message.posted  Build 12\u{FFFD}passed.")
        let strange = await Forwarding(hook: nil, transport: ScriptedTransport([])).forward(nil)
        #expect(strange.json["event"] == .null)
    }

    @Test("Nothing that the channel does not get reaches the address")
    func refused() async throws {
        let transport = ScriptedTransport([.answer(200)])
        let refused = EventSource.forwarded(Self.event, outcome: .null)
        let result = await Forwarding(hook: try hook(), transport: transport).forward(refused)
        #expect(transport.requests.isEmpty && result.text.contains("not sent: The channel does not get"))
        #expect(result.json["error"] == "The channel does not get this event.")
    }
}

@Suite("What trigger posts")
struct MadeUpRunTests {
    private func settings(_ flags: [String: String]) throws -> Settings {
        try Settings(flags: flags, environment: [:])
    }

    @Test("Only the organization has to be given")
    func numbers() throws {
        let run = try MadeUpRun.run(settings(["organization": "7"]), by: nil, now: Timestamp(microseconds: 5_000_000))
        #expect(run.organizationID == OrganizationID(7) && run.id == LoadTestRunID(5_000))
        #expect(run.projectID == ProjectID(1) && run.userID == UserID(1) && run.name == "Made-up run")
        let chosen = try MadeUpRun.run(
            settings(["organization": "7", "project": "3", "run": "9", "name": "N"]),
            by: KeyFacts(["default_project_id": 5, "default_user_id": 6]), now: Timestamp(seconds: 5))
        #expect(chosen.projectID == ProjectID(3) && chosen.id == LoadTestRunID(9) && chosen.name == "N")
        #expect(chosen.userID == UserID(6))
        let failure = try #require(throws: CommandFailure.self) {
            try MadeUpRun.run(settings([:]), by: nil, now: Timestamp(seconds: 5))
        }
        #expect(failure.exit == .usage)
    }

    @Test("Without any channel, it says how to add one")
    func hint() {
        let nobody: JSONValue = ["deliveries": ["due": 0, "skipped": 0]]
        #expect(MadeUpRun.hint(nobody, in: OrganizationID(7))?.contains("channels add --organization 7") == true)
        #expect(MadeUpRun.hint(["deliveries": ["due": 0, "skipped": 1]], in: OrganizationID(7)) == nil)
    }

    @Test("It says what the service made of each event")
    func texts() throws {
        let run = try MadeUpRun.run(settings(["organization": "7"]), by: nil, now: Timestamp(seconds: 5))
        let accepted: JSONValue = ["id": "e", "deliveries": ["due": 2, "skipped": 1]]
        #expect(
            MadeUpRun.text(accepted, of: .testFinished(run.with(status: .timedOut)))
                == "test.finished, Timed out: 2 to be delivered, 1 skipped (event e).")
    }
}
