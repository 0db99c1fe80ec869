import Notifications
import Repository
import TestSupport

/// A tenant on an empty database of the test's engine, with a clock that the test moves.
struct TestWorld {
    let database: any SQLDatabase
    var stores: Stores {
        didSet { tenant.repository = stores.repository }
    }
    let clock: TestClock
    let masterKey = MasterKey()
    private var tenant: Tenant

    init(
        settledAtOnce: Int = DeliveryStore.deliveriesSettledAtOnce, contentKept: Int = RecentContents.longest,
        hasSpace: @escaping @Sendable () -> Bool = { true }
    ) async throws {
        let clock = TestClock()
        self.clock = clock
        database = try await TestEngine.current.database()
        stores = Stores(
            database: database, kinds: .standard(), masterKey: masterKey, now: { clock.now },
            settledAtOnce: settledAtOnce, contentKept: contentKept, hasSpace: hasSpace)
        tenant = try await Tenant(in: stores.repository)
        try await database.addNodes("test", at: clock.now)
    }

    var organization: OrganizationID { tenant.organization }
    var owner: Principal { tenant.owner.principal }
    var repository: Repository { stores.repository }
    var deliveries: DeliveryStore { stores.deliveries }
    var maintenance: MaintenanceStore { stores.maintenance }
    var authenticator: Authenticator { stores.authenticator }

    func member(_ id: Int64, _ role: Role) async throws -> Principal { try await tenant.member(id, role).principal }

    func service() async throws -> Principal { try await tenant.service().principal }

    func channel(
        _ name: String = "Hook", subscription: Subscription = .everything, isEnabled: Bool = true
    ) async throws -> Channel {
        try await tenant.channel(name, subscription: subscription, isEnabled: isEnabled)
    }

    func auditEntries() async throws -> [AuditEntry] {
        try await repository.auditEntries(after: 0, limit: 10_000, of: organization, as: owner)
    }
}
