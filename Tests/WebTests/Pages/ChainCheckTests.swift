import Notifications
import Repository
import TestSupport
import Testing

@testable import WebPages

@Suite struct ChainCheckTests {
    @Test func theChainIsFollowedFromWhereTheLastLookCame() async throws {
        let world = try await Chain()
        let checks = ChainChecks()
        let head = try await world.head
        let first = try await world.check(checks)
        #expect(first.broken == nil && first.verified == head.sequence)
        try await world.rename("Another name")
        let second = try await world.check(checks)
        #expect(second.verified == first.verified + 1)
    }

    @Test(arguments: [
        "UPDATE audit_entries SET actor = 'user:9' WHERE sequence = 2",
        "UPDATE audit_entries SET hash = previous_hash WHERE sequence = 3",
        "DELETE FROM audit_entries WHERE sequence = 2",
    ])
    func whatWasTamperedWithIsFoundAndNotRemembered(_ sql: String) async throws {
        let world = try await Chain()
        for number in 1...3 { try await world.rename("Name \(number)") }
        let checks = ChainChecks()
        _ = try await world.check(checks)
        try await world.tamper(sql)
        #expect(try await world.check(checks, isAnew: true).broken != nil)
        #expect(try await world.check(checks).broken != nil)
    }
}

/// An organization with an audit log.
private struct Chain {
    let database: any SQLDatabase
    let repository: Repository
    private let tenant: Tenant
    var owner: Principal { tenant.owner.principal }
    private var organization: OrganizationID { tenant.organization }

    init() async throws {
        database = try await TestEngine.current.database()
        repository =
            Stores(
                database: database, kinds: .standard(), masterKey: MasterKey(), now: TestClock.wall
            ).repository
        tenant = try await Tenant(in: repository)
    }

    var head: AuditCheckpoint {
        get async throws { try await repository.auditHead(of: organization, as: owner) }
    }

    func check(_ checks: ChainChecks, isAnew: Bool = false) async throws -> ChainFinding {
        try await checks.check(upTo: head, prunedUpTo: 0, repository, as: owner, isAnew: isAnew)
    }

    func rename(_ name: String) async throws {
        _ = try await repository.changeOrganization(organization, OrganizationChange(name: name), as: owner)
    }

    /// Changes the database as an attacker with the file would.
    func tamper(_ sql: String) async throws {
        try await database.write { connection throws(RepositoryError) in
            for trigger in ["audit_entries_are_never_changed", "audit_entries_are_only_pruned"] {
                try connection.execute("DROP TRIGGER \(trigger)", [])
            }
            try connection.execute(sql, [])
        }
    }
}
