import Notifications
import Testing

@testable import runbell

@Suite("Telling the service of a run")
struct RunAnnouncerTests {
    private static let all = [
        "organization": "1", "load_test": "2", "run": "3", "project": "4", "user": "1", "name": "Checkout",
        "key": "rb_x",
    ]

    private func plan(without left: Set<String> = []) throws -> WatchPlan {
        let flags = Self.all.filter { !left.contains($0.key) }
        return try WatchPlan(try Settings(flags: flags, environment: [:]), now: Timestamp(seconds: 5))
    }

    /// Knows its run, unless something is left out.
    private func announcer(_ transport: ScriptedTransport, without left: Set<String> = []) async throws -> RunAnnouncer
    {
        let api = APIClient(url: "http://127.0.0.1:1", key: nil, transport: transport)
        let announcer = RunAnnouncer(api: api, plan: try plan(without: left))
        try await announcer.prepare()
        return announcer
    }

    @Test("All attempts of one event share an idempotency key, other events have others")
    func keys() async throws {
        let transport = ScriptedTransport([.failed(.disconnected), .answer(202), .answer(503), .answer(202)])
        let announcer = try await announcer(transport)
        #expect(await announcer.announceStart())
        #expect(await announcer.announceEnd(.failedThreshold) != nil)
        let keys = transport.requests.map { $0.header("Idempotency-Key") }
        #expect(keys.count == 4)
        #expect(keys[0] == keys[1] && keys[2] == keys[3] && keys[0] != keys[2])
        #expect(transport.requests[0].body == transport.requests[1].body)
    }

    @Test("Both events say the nine keys, with their own status")
    func bodies() async throws {
        let transport = ScriptedTransport([.answer(202)])
        let announcer = try await announcer(transport)
        await announcer.announceStart()
        await announcer.announceEnd(.failedThreshold)
        let bodies = try transport.requests.map { try JSONValue.parse($0.body) }
        #expect(bodies.map { $0["event"] } == ["test.started", "test.finished"])
        #expect(bodies.map { $0["status"] } == [2, 12])
        #expect(bodies.map { $0["status_text"] } == ["Running", "Failed threshold"])
        #expect(
            bodies.allSatisfy { $0.object?.keys.count == 9 && $0["load_test_run_id"] == 3 && $0["name"] == "Checkout" })
    }

    @Test("A refusal is final; an outage is retried, but not forever")
    func tries() async throws {
        let refusing = ScriptedTransport([.answer(403)])
        #expect(try await announcer(refusing).announceStart() == false)
        #expect(refusing.requests.count == 1)
        let away = ScriptedTransport([.failed(.connecting("refused"))])
        #expect(try await announcer(away).announceStart() == false)
        #expect(away.requests.count == RunAnnouncer.Patience.start.tries)
    }

    @Test("Every missing part is named before anything is started")
    func plan() throws {
        let settings = try Settings(flags: ["organization": "1"], environment: ["RUNBELL_USER": "7"])
        let failure = try #require(throws: CommandFailure.self) { try WatchPlan(settings, now: Timestamp(seconds: 5)) }
        for name in ["RUNBELL_PROJECT", "RUNBELL_KEY"] { #expect(failure.text.contains(name)) }
        for name in ["RUNBELL_USER", "RUNBELL_URL", "RUNBELL_LOAD_TEST", "RUNBELL_NAME", "RUNBELL_RUN"] {
            #expect(!failure.text.contains(name))
        }
    }

    @Test("The address of a service that was left out is missing, and nothing replaces it")
    func noService() throws {
        let settings = try Settings(tolerantly: Self.all, environment: ["RUNBELL_URL": "nonsense"])
        let failure = try #require(throws: CommandFailure.self) { try WatchPlan(settings, now: Timestamp(seconds: 5)) }
        #expect(failure.text.contains("RUNBELL_URL") && !failure.text.contains("RUNBELL_KEY"))
    }

    @Test("What is left out comes from the key; what is given goes before it")
    func defaults() async throws {
        let key = #"{"organization_id": 9, "default_project_id": 8, "default_user_id": 7}"#
        let transport = ScriptedTransport([.failed(.disconnected), .answer(200, key), .answer(202)])
        let announcer = try await announcer(transport, without: ["organization", "user"])
        #expect(await announcer.announceStart())
        #expect(transport.requests.suffix(2).map { $0.url.suffix(7) } == ["/v1/key", "/events"])
        let body = try JSONValue.parse(transport.requests[2].body)
        #expect(body["organization_id"] == 9 && body["project_id"] == 4 && body["user_id"] == 7)
    }

    @Test("A key that does not say enough is known before anything is started, and is not asked again")
    func poorKey() async throws {
        let transport = ScriptedTransport([.answer(200, #"{"organization_id": 9, "default_user_id": null}"#)])
        let failure = try await #require(throws: CommandFailure.self) {
            _ = try await announcer(transport, without: ["organization", "user"])
        }
        #expect(failure.exit == .usage && failure.text.contains("RUNBELL_USER"))
        #expect(!failure.text.contains("RUNBELL_ORGANIZATION") && transport.requests.count == 1)
    }

    @Test("A service that cannot be asked keeps nobody from the load test, and is asked again at its end")
    func lateDefaults() async throws {
        let key = #"{"organization_id": 9}"#
        let transport = ScriptedTransport([
            .failed(.disconnected), .failed(.disconnected), .answer(200, key), .answer(202, #"{"id": "e"}"#),
        ])
        let announcer = try await announcer(transport, without: ["organization"])
        #expect(await announcer.announceStart() == false)
        #expect(await announcer.announceEnd(.finished)?.id == "e")
    }

    @Test("A run without a number gets the milliseconds since 1970")
    func freshNumber() throws {
        let flags = [
            "organization": "1", "project": "1", "load_test": "1", "user": "1", "name": "n", "key": APIKey().reveal(),
        ]
        let settings = try Settings(flags: flags, environment: [:])
        let plan = try WatchPlan(settings, now: Timestamp(microseconds: 1_700_000_000_123_456))
        #expect(try plan.run(by: nil).id == LoadTestRunID(1_700_000_000_123))
    }
}
