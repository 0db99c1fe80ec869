import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct AuditCheckpointTests {
    private func all(_ world: TestWorld) async throws -> [AuditLedgerCheckpoint] {
        try await world.repository.auditCheckpoints(after: 0, limit: 100, as: .operator)
    }

    @Test func aCheckpointFollowsWithinAMinuteOfAChange() async throws {
        let world = try await TestWorld()
        #expect(try await world.maintenance.writeAuditCheckpoint() == nil)
        world.clock.advance(by: .seconds(55))
        let first = try #require(try await world.maintenance.writeAuditCheckpoint())
        #expect(first.number == 1 && first.isAuthentic)
        world.clock.advance(by: .seconds(3600))
        #expect(try await world.maintenance.writeAuditCheckpoint() == nil, "nothing has changed")
        _ = try await world.channel()
        let last = try #require(try await world.maintenance.writeAuditCheckpoint(isLast: true))
        #expect(last.previousHash == first.hash && last.entries == first.entries + 1 && last.root != first.root)
        #expect(try await all(world) == [first, last])
        #expect(try await world.maintenance.auditFindings() == [])
    }

    @Test func manyChangesAreNotWaitedFor() async throws {
        let world = try await TestWorld()
        for _ in 0..<500 {
            _ = try await world.repository.changeOrganization(
                world.organization, OrganizationChange(name: "\(Int.random(in: 0 ... .max))"), as: world.owner)
        }
        #expect(try await world.maintenance.writeAuditCheckpoint() != nil)
    }

    /// Only what has changed is read; the root is the same as if everything were.
    @Test func theRootIsOverAllHeads() async throws {
        let world = try await TestWorld()
        for number in 2...40 {
            _ = try await world.repository.saveOrganization(
                OrganizationID(Int64(number)), name: "N", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        }
        _ = try await world.maintenance.writeAuditCheckpoint(isLast: true)
        _ = try await world.channel()
        let checkpoint = try #require(try await world.maintenance.writeAuditCheckpoint(isLast: true))
        let heads = try await world.database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT organization_id, sequence, hash FROM audit_heads ORDER BY 1", []) { row in
                (
                    organization: OrganizationID(row.integer(0)),
                    head: AuditHead(sequence: row.integer(1), hash: row.text(2))
                )
            }
        }
        let buckets = (0..<AuditRoot.bucketCount).map { bucket in
            AuditRoot.hash(ofBucket: heads.filter { AuditRoot.bucket(of: $0.organization) == bucket })
        }
        #expect(checkpoint.root == AuditRoot.root(of: buckets))
        #expect(checkpoint.entries == heads.reduce(0) { $0 + $1.head.sequence })
    }

    /// The entry is committed after the checkpoint has begun and before its snapshot is taken: in both the number of entries
    /// and the root, or in neither. Otherwise the next start would report an audit log that nobody has touched.
    @Test func aChangeWhileACheckpointBeginsIsInAllOfIt() async throws {
        let world = try await TestWorld()
        let database = MeddledDatabase(world.database)
        let clock = world.clock
        let stores = Stores(
            database: database, kinds: .standard(), masterKey: world.masterKey, now: { clock.now })
        try await Self.renameAnother("Before", through: stores.repository)
        for name in ["First", "Second"] {
            _ = try await stores.repository.changeOrganization(
                world.organization, OrganizationChange(name: name), as: world.owner)
            _ = try await stores.maintenance.writeAuditCheckpoint(isLast: true)
        }
        _ = try await stores.repository.changeOrganization(
            world.organization, OrganizationChange(name: "Third"), as: world.owner)
        // The first read asks whether a checkpoint is due, the second one reads the heads.
        database.meddle(beforeRead: 2) { () async throws(RepositoryError) in
            try await Self.renameAnother("Meanwhile", through: stores.repository)
        }
        _ = try await stores.maintenance.writeAuditCheckpoint(isLast: true)
        #expect(try await world.maintenance.auditFindings() == [])
    }

    private static func renameAnother(_ name: String, through repository: Repository) async throws(RepositoryError) {
        _ = try await repository.saveOrganization(
            OrganizationID(2), name: name, owner: UserID(1), runLinkTemplate: nil, as: .operator)
    }

    @Test(arguments: [
        "UPDATE audit_checkpoints SET entries = entries - 1 WHERE number = 2",
        "DELETE FROM audit_checkpoints WHERE number = 2", "UPDATE audit_checkpoints SET signature = public_key",
        // The newest is missing, along with what it says: then only a checkpoint kept elsewhere reveals it.
        "UPDATE installation SET audit_entries = audit_entries - 1",
    ])
    func whatWasChangedShowsAtTheStart(_ statement: String) async throws {
        let world = try await TestWorld()
        for _ in 1...3 {
            _ = try await world.channel()
            _ = try await world.maintenance.writeAuditCheckpoint(isLast: true)
        }
        #expect(try await world.maintenance.auditFindings() == [])
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute(statement, [])
        }
        #expect(!(try await world.maintenance.auditFindings()).isEmpty)
    }

    @Test func onlyTheOperatorKeepsThem() async throws {
        let world = try await TestWorld()
        await #expect(throws: RepositoryError.forbidden(Permission.operate.requirement)) {
            try await world.repository.auditCheckpoints(after: 0, limit: 1, as: world.owner)
        }
        #expect(try await world.auditEntries().last?.action == "refused")
    }

    @Test func oldOnesGoAndTheNewestStays() async throws {
        let world = try await TestWorld()
        for _ in 1...3 {
            _ = try await world.channel()
            _ = try await world.maintenance.writeAuditCheckpoint(isLast: true)
        }
        world.clock.advance(by: .seconds(86_400 * 401))
        #expect(try await world.maintenance.pruneAuditCheckpoints(limit: 1) == 1)
        #expect(try await world.maintenance.pruneAuditCheckpoints() == 1)
        #expect(try await world.maintenance.pruneAuditCheckpoints() == 0)
        #expect(try await all(world).map(\.number) == [3])
        #expect(try await world.maintenance.auditFindings() == [])
    }
}
