import Notifications
import Repository
import TestSupport

/// What every world starts with: two tenants with their schedulers. Worlds reuse one database in turn, since preparing
/// its statements takes longer than simulating a world.
struct SimulationGround: Sendable {
    struct People: Sendable {
        let owners: [OrganizationID: Principal]
        let schedulers: [OrganizationID: Principal]
    }

    static let organizations = [OrganizationID(1), OrganizationID(2)]

    let database: any SQLDatabase
    let masterKey = MasterKey()
    let people: People

    init() async throws {
        database = try await TestEngine.current.database()
        let clock = SimulatedTime().clock()
        let repository = Stores(
            database: database, kinds: .standard(), masterKey: masterKey, now: { clock.now }
        ).repository
        var owners: [OrganizationID: Principal] = [:]
        var schedulers: [OrganizationID: Principal] = [:]
        for id in Self.organizations {
            let tenant = try await Tenant(id.value, in: repository)
            owners[id] = tenant.owner.principal
            schedulers[id] = try await tenant.service().principal
        }
        people = People(owners: owners, schedulers: schedulers)
    }

    /// Clears what the previous world left.
    func clear() async throws {
        try await database.write { connection throws(RepositoryError) in
            for statement in Self.forgetting { try connection.execute(statement, []) }
        }
    }

    /// Audit entries can only be deleted as part of a pruning.
    private static let forgetting =
        [
            "INSERT INTO audit_prunings (organization_id, up_to, hash, at) "
                + "SELECT organization_id, max(sequence), max(hash), 0 FROM audit_entries GROUP BY organization_id",
            "UPDATE organizations SET event_sequence = 0, pruned_events = 0",
        ]
        + [
            "audit_entries", "audit_prunings", "attempts", "deliveries", "events", "idempotency_keys", "channels",
            "channel_revisions", "channel_health", "planned_removals", "replays", "sealing_keys",
            "settlements", "service_clock", "nodes",
        ].map { "DELETE FROM \($0)" }
}
