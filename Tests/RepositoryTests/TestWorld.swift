import Foundation
import Notifications
import Repository
import Synchronization
import TestDatabases

/// A repository on a fresh database, with a clock that the test moves.
struct TestWorld {
    let database: any SQLDatabase
    var stores: Stores
    let clock: TestClock
    let masterKey = MasterKey()
    let organization = OrganizationID(1)
    let owner: Principal

    /// On a database of the engine that the test runs on.
    init(
        settledAtOnce: Int = DeliveryStore.deliveriesSettledAtOnce,
        hasSpace: @escaping @Sendable () -> Bool = { true }
    ) async throws {
        let clock = TestClock()
        self.clock = clock
        database = try await TestEngine.current.database()
        stores = Stores(
            database: database, kinds: .standard(), masterKey: masterKey, now: { clock.now },
            settledAtOnce: settledAtOnce, hasSpace: hasSpace)
        _ = try await stores.repository.saveOrganization(
            organization, name: "Default organization", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        owner = try await Self.user(1, in: organization, of: stores.repository)
    }

    var repository: Repository { stores.repository }
    var deliveries: DeliveryStore { stores.deliveries }
    var maintenance: MaintenanceStore { stores.maintenance }
    var authenticator: Authenticator { stores.authenticator }

    /// A principal that acts through a key of its own.
    static func user(_ id: Int64, in organization: OrganizationID, of repository: Repository) async throws -> Principal
    {
        let made = try await repository.makeKey(
            name: "test", holder: .user(UserID(id)), expiresAt: nil, in: organization, as: .operator)
        return .user(UserID(id), of: organization, key: made.description.id)
    }

    func member(_ id: Int64, _ role: Role) async throws -> Principal {
        _ = try await repository.saveMember(UserID(id), role: role, in: organization, as: owner)
        return try await Self.user(id, in: organization, of: repository)
    }

    func service() async throws -> Principal {
        let made = try await repository.makeKey(
            name: "ci", holder: .service([.writeEvents]), expiresAt: nil, in: organization, as: owner)
        return .service(of: organization, key: made.description.id)
    }

    func channel(
        _ name: String = "Hook", subscription: Subscription = .everything, isEnabled: Bool = true
    ) async throws -> Channel {
        try await repository.createChannel(in: organization, as: owner) { () throws(InvalidInput) in
            Self.draft(name, subscription: subscription, isEnabled: isEnabled)
        }
    }

    static func draft(
        _ name: String = "Hook", url: String = "https://hooks.example.com/secret-canary",
        subscription: Subscription = .everything, isEnabled: Bool = true
    ) -> ChannelDraft {
        var settings = ChannelSettings()
        settings["url"] = .string(url)
        return ChannelDraft(
            kind: "webhook", name: name, settings: settings, subscription: subscription, isEnabled: isEnabled)
    }

    static func run(_ id: Int64 = 42, status: TestStatus = .running, organization: Int64 = 1) -> LoadTestRun {
        LoadTestRun(
            status: status, userID: UserID(1), name: "Checkout", organizationID: OrganizationID(organization),
            loadTestID: LoadTestID(7), id: LoadTestRunID(id), projectID: ProjectID(9))
    }

    func auditEntries() async throws -> [AuditEntry] {
        try await repository.auditEntries(after: 0, limit: 10_000, of: organization, as: owner)
    }
}

/// A wall clock that stands still until it is moved.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(seconds: 1_795_000_000))

    var now: Timestamp { time.withLock { $0 } }

    func advance(by duration: Duration) {
        time.withLock { $0 = $0 + duration }
    }
}
