import Notifications
import Repository
import TestSupport
import Testing

/// What an attacker can do who can write the database's file, but does not have the master key.
@Suite(.everyEngine) struct AuditForgeryTests {
    /// A log of at least six entries.
    private func world() async throws -> TestWorld {
        let world = try await TestWorld()
        for number in 1...4 { _ = try await world.channel("Channel \(number)") }
        return world
    }

    /// Without the triggers, as if the file were written from outside.
    private func tamper(_ world: TestWorld, _ statements: String...) async throws {
        let dialect = TestEngine.current.dialect
        try await world.database.write { connection throws(RepositoryError) in
            for trigger in ["audit_entries_are_never_changed", "audit_entries_are_only_pruned"] {
                try connection.execute(dialect.removal(of: trigger, from: "audit_entries"), [])
            }
            for statement in statements { try connection.execute(statement, []) }
        }
    }

    /// Replaces the last entries with others whose hashes are correct, with no MAC or one by the attacker's own key.
    private func forge(_ world: TestWorld, keeping count: Int, with key: MasterKey?) async throws {
        var entries = try await world.auditEntries()
        let rest = entries.dropFirst(count)
        entries = Array(entries.prefix(count))
        try await tamper(world, "DELETE FROM audit_entries WHERE sequence > \(count)")
        for old in rest.dropLast() {
            let previous = entries.last?.hash ?? AuditChain.genesis
            let sequence = Int64(entries.count + 1)
            let draft = AuditEntry(
                organizationID: world.organization, sequence: sequence, at: old.at, actor: "user:9", action: old.action,
                target: old.target, detail: old.detail, previousHash: previous,
                hash: AuditChain.hash(
                    organizationID: world.organization, sequence: sequence, at: old.at, actor: "user:9",
                    action: old.action, target: old.target, detail: old.detail, previousHash: previous),
                origin: key == nil ? nil : old.origin)
            let entry = key?.auditKey(of: world.organization).sealed(draft) ?? draft
            try await insert(entry, in: world)
            entries.append(entry)
        }
    }

    private func insert(_ entry: AuditEntry, in world: TestWorld) async throws {
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                INSERT INTO audit_entries (mac, organization_id, sequence, at, actor, action, target, detail,
                    previous_hash, hash, key_id, source) VALUES ($12, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                """,
                [
                    SQLValue(entry.organizationID), SQLValue(entry.sequence), SQLValue(entry.at), SQLValue(entry.actor),
                    SQLValue(entry.action), SQLValue(entry.target), SQLValue(entry.detail),
                    SQLValue(entry.previousHash), SQLValue(entry.hash), SQLValue(entry.origin?.keyID ?? ""),
                    SQLValue(entry.origin?.source ?? ""), SQLValue(entry.mac ?? entry.hash),
                ])
        }
    }

    private func expectFound(_ world: TestWorld, _ story: Comment) async throws {
        #expect(!(try await world.maintenance.auditFindings()).isEmpty, story)
        await #expect(throws: RepositoryError.self, story) {
            try await world.repository.auditHead(of: world.organization, as: world.owner)
        }
        // The log continues, and records that it is broken.
        _ = try await world.channel("After")
        let entries = try await world.auditEntries()
        #expect(entries.suffix(2).map(\.action) == ["audit.broken", "channel.created"], story)
        #expect(
            try await world.repository.auditHead(of: world.organization, as: world.owner).hash == entries.last?.hash)
    }

    @Test func aChainMadeAnewIsFound() async throws {
        for key in [nil, MasterKey()] {
            let world = try await world()
            try await forge(world, keeping: 2, with: key)
            try await expectFound(world, "made anew")
        }
    }

    @Test func aTailCutOffIsFoundAlsoWhenTheHeadIsPutBack() async throws {
        let world = try await world()
        let before = try await head(world)
        _ = try await world.channel("Last")
        try await tamper(world, "DELETE FROM audit_entries WHERE sequence = (SELECT max(sequence) FROM audit_entries)")
        try await expectFound(world, "cut off")
        let other = try await self.world()
        let kept = try await head(other)
        _ = try await other.channel("Last")
        try await tamper(
            other, "DELETE FROM audit_entries WHERE sequence = (SELECT max(sequence) FROM audit_entries)",
            "UPDATE audit_heads SET sequence = \(kept.sequence), hash = '\(kept.hash)', mac = '\(kept.mac)'")
        #expect(before.sequence == kept.sequence)
        let findings = try await other.maintenance.auditFindings()
        #expect(findings.contains { $0.contains("were written") }, "\(findings)")
    }

    private func head(_ world: TestWorld) async throws -> (sequence: Int64, hash: String, mac: String) {
        let found = try await world.database.read { connection throws(RepositoryError) in
            try connection.row("SELECT sequence, hash, mac FROM audit_heads", []) { row in
                (row.integer(0), row.text(1), row.text(2))
            }
        }
        return try #require(found)
    }

    @Test func aChangedEntryAndMissingHeadsAreFound() async throws {
        for statement in [
            "UPDATE audit_entries SET actor = 'user:9' WHERE sequence = (SELECT max(sequence) FROM audit_entries)",
            "UPDATE audit_heads SET mac = hash", "DELETE FROM audit_heads WHERE sequence > 0",
            "DELETE FROM audit_entries",
        ] {
            let world = try await world()
            try await tamper(world, statement)
            try await expectFound(world, "\(statement)")
        }
    }

    @Test func entriesSayThroughWhichKeyAndFromWhere() async throws {
        let world = try await TestWorld()
        try await RequestSource.$address.withValue("192.0.2.7") { _ = try await world.channel() }
        let entries = try await world.auditEntries()
        guard case .user(_, _, let key) = world.owner else { throw CancellationError() }
        #expect(entries.last?.origin == AuditOrigin(keyID: key.text, source: "192.0.2.7"))
        #expect(entries.allSatisfy { $0.mac != nil })
        let verification = try await export(world)
        #expect(verification.findings == [] && verification.withMAC == verification.entries)
    }

    private func export(_ world: TestWorld) async throws -> AuditVerification {
        let head = try await world.repository.auditHead(of: world.organization, as: world.owner)
        let text = try await world.auditEntries().map(AuditExport.line).joined() + AuditExport.line(head)
        return AuditExport.verify(Array(text.utf8), masterKey: world.masterKey)
    }
}
