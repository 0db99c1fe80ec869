import EventRouting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Notifications
import Repository
import TestSupport
import Web
import WebServing

/// The whole API on an in-memory database, and the keys of two tenants: 1 has the owner 11, the admin 12 and the member
/// 13; 2 has the owner 21.
struct ServiceUnderTest {
    let stores: Stores
    let operatorKey = APIKey()
    let tenant: Tenant
    let other: Tenant
    let admin: String
    let member: String
    let scheduler: String

    var owner: String { tenant.owner.key }
    var stranger: String { other.owner.key }
    var repository: Repository { stores.repository }

    init() async throws {
        try await self.init(database: TestEngine.current.emptyDatabase())
    }

    init(database: any SQLDatabase) async throws {
        try await database.migrate()
        stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), now: TestClock.wall)
        tenant = try await Tenant(1, owner: 11, in: stores.repository)
        other = try await Tenant(2, owner: 21, in: stores.repository)
        admin = try await tenant.member(12, .admin).key
        member = try await tenant.member(13, .member).key
        scheduler = try await tenant.service().key
    }

    /// Includes the metrics route only if metrics are given.
    func web(
        metrics: MetricsRegistry? = nil, admission: AdmissionLimits = AdmissionLimits(),
        hasSpace: @escaping @Sendable () -> Bool = { true }, connections: Int = WebServer.mostConnections,
        router: EventRouter? = nil
    ) -> WebService {
        WebService(
            repository: repository, authenticator: stores.authenticator, probe: stores.probe,
            router: router ?? TestParts.router(stores),
            tester: TestParts.tester(repository),
            policy: TestParts.policy, operatorKeyHash: operatorKey.hash, admission: admission, hasSpace: hasSpace,
            metrics: metrics, connections: connections)
    }

    /// Runs a test against the service, in process or (with `.live`) over a socket.
    func run(
        _ setup: TestingSetup = .router, admission: AdmissionLimits = AdmissionLimits(),
        hasSpace: @escaping @Sendable () -> Bool = { true }, connections: Int = WebServer.mostConnections,
        router: EventRouter? = nil,
        _ test: @Sendable (Caller) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = web(
            admission: admission, hasSpace: hasSpace, connections: connections, router: router
        ).application(
            host: "127.0.0.1", port: 0, logger: logger)
        try await application.test(setup) { client in try await test(Caller(client: client)) }
    }
}
