import EventRouting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Notifications
import Repository
import TestDatabases
import Testing
import Web
import WebServing

/// The whole API over a database in memory, with two organizations:
/// 1 has the owner 11, the admin 12 and the member 13; 2 has the owner 21.
struct ServiceUnderTest {
    let stores: Stores
    let operatorKey = APIKey()
    let owner: String
    let admin: String
    let member: String
    let scheduler: String
    let stranger: String

    var repository: Repository { stores.repository }

    init() async throws {
        try await self.init(database: TestEngine.current.emptyDatabase())
    }

    init(database: any SQLDatabase) async throws {
        try await database.migrate()
        stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), now: TestClock.now)
        let repository = stores.repository
        for (organization, owner) in [(1, 11), (2, 21)] as [(Int64, Int64)] {
            _ = try await repository.saveOrganization(
                OrganizationID(organization), name: "Organization \(organization)", owner: UserID(owner),
                runLinkTemplate: nil, as: .operator)
        }
        owner = try await Self.key(.user(UserID(11)), in: 1, repository)
        let asOwner = Principal.user(UserID(11), of: OrganizationID(1), key: try await Self.keyID(in: 1, repository))
        for (user, role) in [(12, .admin), (13, .member)] as [(Int64, Role)] {
            _ = try await repository.saveMember(UserID(user), role: role, in: OrganizationID(1), as: asOwner)
        }
        admin = try await Self.key(.user(UserID(12)), in: 1, repository)
        member = try await Self.key(.user(UserID(13)), in: 1, repository)
        scheduler = try await Self.key(.service([.writeEvents]), in: 1, repository)
        stranger = try await Self.key(.user(UserID(21)), in: 2, repository)
    }

    /// With the route for metrics only if there are some.
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

    /// A key that nobody has used yet.
    func newKey(_ holder: KeyHolder, in organization: Int64) async throws -> String {
        try await Self.key(holder, in: organization, repository)
    }

    private static func key(_ holder: KeyHolder, in organization: Int64, _ repository: Repository) async throws
        -> String
    {
        try await repository.makeKey(
            name: "test", holder: holder, expiresAt: nil, in: OrganizationID(organization), as: .operator
        ).key.reveal()
    }

    private static func keyID(in organization: Int64, _ repository: Repository) async throws -> KeyID {
        let keys = try await repository.keys(of: OrganizationID(organization), as: .operator)
        return try #require(keys.first?.id)
    }
}
