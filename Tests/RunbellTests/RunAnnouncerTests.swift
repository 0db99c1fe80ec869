import Notifications
import Testing

@testable import runbell

@Suite("Telling the service of a run")
struct RunAnnouncerTests {
    private let run = LoadTestRun(
        status: .running, userID: UserID(1), name: "Checkout", organizationID: OrganizationID(1),
        loadTestID: LoadTestID(2),
        id: LoadTestRunID(3), projectID: ProjectID(4))

    private func announcer(_ transport: ScriptedTransport) -> RunAnnouncer {
        RunAnnouncer(api: APIClient(url: "http://127.0.0.1:1", key: nil, transport: transport), run: run)
    }

    @Test("All attempts of one event share an idempotency key, other events have others")
    func keys() async {
        let transport = ScriptedTransport([.failed(.disconnected), .answer(202), .answer(503), .answer(202)])
        let announcer = announcer(transport)
        #expect(await announcer.announceStart())
        #expect(await announcer.announceEnd(.failedThreshold))
        let keys = transport.requests.map { $0.header("Idempotency-Key") }
        #expect(keys.count == 4)
        #expect(keys[0] == keys[1] && keys[2] == keys[3] && keys[0] != keys[2])
        #expect(transport.requests[0].body == transport.requests[1].body)
    }

    @Test("Both events say the nine keys, with their own status")
    func bodies() async throws {
        let transport = ScriptedTransport([.answer(202)])
        await announcer(transport).announceStart()
        await announcer(transport).announceEnd(.failedThreshold)
        let bodies = try transport.requests.map { try JSONValue.parse($0.body) }
        #expect(bodies.map { $0["event"] } == ["test.started", "test.finished"])
        #expect(bodies.map { $0["status"] } == [2, 12])
        #expect(bodies.map { $0["status_text"] } == ["Running", "Failed threshold"])
        #expect(
            bodies.allSatisfy { $0.object?.keys.count == 9 && $0["load_test_run_id"] == 3 && $0["name"] == "Checkout" })
    }

    @Test("A refusal is final; an outage is retried, but not forever")
    func tries() async {
        let refusing = ScriptedTransport([.answer(403)])
        #expect(await announcer(refusing).announceStart() == false)
        #expect(refusing.requests.count == 1)
        let away = ScriptedTransport([.failed(.connecting("refused"))])
        #expect(await announcer(away).announceStart() == false)
        #expect(away.requests.count == RunAnnouncer.Patience.start.tries)
    }

    @Test("Every missing part is named before anything is started")
    func plan() throws {
        let settings = try Settings(flags: ["organization": "1"], environment: ["RUNBELL_USER": "7"])
        let failure = try #require(throws: CommandFailure.self) { try WatchPlan(settings, now: Timestamp(seconds: 5)) }
        #expect(failure.exit == .usage)
        for name in ["RUNBELL_PROJECT", "RUNBELL_LOAD_TEST", "RUNBELL_NAME", "RUNBELL_KEY"] {
            #expect(failure.text.contains(name))
        }
        #expect(!failure.text.contains("RUNBELL_USER") && !failure.text.contains("RUNBELL_RUN:"))
    }

    @Test("A run without a number gets the milliseconds since 1970")
    func freshNumber() throws {
        let flags = [
            "organization": "1", "project": "1", "load_test": "1", "user": "1", "name": "n", "key": APIKey().reveal(),
        ]
        let settings = try Settings(flags: flags, environment: [:])
        #expect(
            try WatchPlan(settings, now: Timestamp(microseconds: 1_700_000_000_123_456)).run.id
                == LoadTestRunID(1_700_000_000_123))
    }
}
