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

    /// Whoever removes entries with plain SQL can also write that they were pruned, but not the entry that records it.
    @Test func entriesThatOnlyTheDatabaseSaysWerePrunedAreMissing() async throws {
        let world = try await Chain()
        for number in 1...3 { try await world.rename("Name \(number)") }
        let checks = ChainChecks()
        _ = try await world.check(checks)
        try await world.tamper(
            "INSERT INTO audit_prunings SELECT organization_id, sequence, hash, at FROM audit_entries WHERE sequence = 2",
            "DELETE FROM audit_entries WHERE sequence <= 2")
        #expect(try await world.check(checks).broken == 2, "also where the chain had been verified before")
        let (found, head) = (try await world.check(ChainChecks()), try await world.head)
        #expect(found.broken == 2)
        #expect(ChainView(head, found, prunedUpTo: 2).pruned == nil, "the page does not say that retention did it")
    }

    @Test func aPrunedChainIsWhole() async throws {
        let world = try await Chain()
        let checks = ChainChecks()
        for days in [401, 100, 350, 500] as [Int64] {
            try await world.rename("After \(days) days")
            world.clock.advance(by: .seconds(86_400 * days))
            while try await world.maintenance.pruneAuditEntries(of: OrganizationID(1)) > 0 {}
            for checks in [checks, ChainChecks()] {
                let (found, head) = (try await world.check(checks), try await world.head)
                #expect(found.broken == nil && found.verified == head.sequence)
            }
        }
        let pruned = try await world.prunedUpTo
        #expect(pruned > 4)
    }
}

/// An organization with an audit log.
private struct Chain {
    let database: any SQLDatabase
    let clock = TestClock()
    let repository: Repository
    let maintenance: MaintenanceStore
    private let tenant: Tenant
    var owner: Principal { tenant.owner.principal }
    private var organization: OrganizationID { tenant.organization }

    init() async throws {
        database = try await TestEngine.current.database()
        let stores = Stores(
            database: database, kinds: .standard(), masterKey: MasterKey(), now: { [clock] in clock.now })
        (repository, maintenance) = (stores.repository, stores.maintenance)
        tenant = try await Tenant(in: repository)
    }

    var head: AuditCheckpoint {
        get async throws { try await repository.auditHead(of: organization, as: owner) }
    }

    func check(_ checks: ChainChecks, isAnew: Bool = false) async throws -> ChainFinding {
        try await checks.check(upTo: head, prunedUpTo: prunedUpTo, repository, as: owner, isAnew: isAnew)
    }

    var prunedUpTo: Int64 {
        get async throws { try await repository.auditSpan(of: organization, as: owner).prunedUpTo }
    }

    func rename(_ name: String) async throws {
        _ = try await repository.changeOrganization(organization, OrganizationChange(name: name), as: owner)
    }

    /// Changes the database as an attacker with the file would.
    func tamper(_ statements: String...) async throws {
        try await database.write { connection throws(RepositoryError) in
            for trigger in ["audit_entries_are_never_changed", "audit_entries_are_only_pruned"] {
                try connection.execute("DROP TRIGGER \(trigger)", [])
            }
            for sql in statements { try connection.execute(sql, []) }
        }
    }
}
