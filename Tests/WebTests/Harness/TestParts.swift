import EventRouting
import Logging
import Notifications
import Repository
import TestSupport

/// The web layer's dependencies.
enum TestParts {
    static let policy = EgressPolicy()

    /// Its engine does not run: accepted events stay due.
    static func router(_ stores: Stores) -> EventRouter {
        let engine = DeliveryEngine(
            deliveries: stores.deliveries, transports: Transports(http: AgreeingTransport()),
            logger: Logger(label: "test"),
            clock: ServiceClock(wall: TestClock.wall, steady: { .zero }))
        return EventRouter(repository: stores.repository, engine: engine)
    }

    static func tester(_ repository: Repository) -> ChannelTester {
        ChannelTester(repository: repository, transports: Transports(http: AgreeingTransport()), now: TestClock.wall)
    }
}

/// A receiver that accepts everything.
struct AgreeingTransport: HTTPTransport {
    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        let answer = Answer(
            status: 200, headers: [.init("Server", "agreeing")], body: Array("ok".utf8), at: TestClock.wall())
        return Exchange(
            result: .answered(answer), address: "192.0.2.7",
            timings: Timings(head: .milliseconds(2), total: .milliseconds(3)))
    }
}

enum TestInput {
    static func event(run: Int64 = 1, organization: Int64 = 1, name: String = "Load test", status: Int64 = 2)
        -> JSONValue
    {
        [
            "status": .integer(status), "status_text": "Running", "user_id": 1, "name": .string(name),
            "organization_id": .integer(organization), "load_test_id": 1, "load_test_run_id": .integer(run),
            "project_id": 1,
            "event": "test.started",
        ]
    }

    static func webHook(name: String = "CI", path: String = "hooks/0123456789abcdefghij") -> JSONValue {
        ["kind": "webhook", "name": .string(name), "settings": ["url": .string("https://ci.example.org/\(path)")]]
    }
}
