import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct AuditPruningTests {
    private static let days = Duration.seconds(86_400)

    private func export(_ world: TestWorld) async throws -> [String] {
        let span = try await world.repository.auditSpan(of: world.organization, as: world.owner)
        let entries = try await world.repository.auditEntries(
            after: span.prunedUpTo, limit: 10_000, of: world.organization, as: world.owner)
        return entries.map { AuditExport.line($0) } + [AuditExport.line(span.head)]
    }

    private func findings(_ lines: some Sequence<String>, key: String? = nil) -> [String] {
        AuditExport.verify(Array(lines.joined().utf8), publicKey: key).findings
    }

    /// Ten old entries, pruned, and three recent ones after the entry that records it.
    private func world() async throws -> TestWorld {
        let world = try await TestWorld()
        while try await world.auditEntries().count < 10 { _ = try await world.channel() }
        world.clock.advance(by: Self.days * 300)
        _ = try await world.channel("Young")
        world.clock.advance(by: Self.days * 101)
        #expect(try await world.maintenance.organizationsToPrune(.auditLog) == [world.organization])
        #expect(try await world.maintenance.pruneAuditEntries(of: world.organization) == 10)
        #expect(try await world.maintenance.pruneAuditEntries(of: world.organization) == 0)
        #expect(try await world.maintenance.organizationsToPrune(.auditLog) == [])
        _ = try await world.channel("Younger")
        return world
    }

    @Test func aPrunedChainVerifiesFromItsFirstEntryLeft() async throws {
        let world = try await world()
        let entries = try await world.auditEntries()
        #expect(entries.map(\.sequence) == [11, 12, 13])
        #expect(entries.map(\.action) == ["channel.created", "audit.pruned", "channel.created"])
        let head = try await world.repository.auditHead(of: world.organization, as: world.owner)
        let lines = try await export(world)
        let verification = AuditExport.verify(Array(lines.joined().utf8), publicKey: head.publicKey)
        #expect(verification.findings == [] && verification.entries == 3)
        #expect(verification.pruning?.upTo == 10)
    }

    @Test func aChainThatIsPrunedAgainVerifies() async throws {
        let world = try await world()
        world.clock.advance(by: Self.days * 350)
        #expect(try await world.maintenance.pruneAuditEntries(of: world.organization) == 1)
        #expect(findings(try await export(world)) == [])
        world.clock.advance(by: Self.days * 500)
        #expect(try await world.maintenance.pruneAuditEntries(of: world.organization) > 0)
        let lines = try await export(world)
        #expect(findings(lines) == [])
        let last = try #require(try await world.auditEntries().first)
        #expect(last.sequence > 12, "only the newest entries and the word of the pruning are left")
    }

    @Test func everyChangedByteOfAPrunedChainIsFound() async throws {
        let bytes = Array(try await export(try await world()).joined().utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(!AuditExport.verify(changed).findings.isEmpty, "byte \(index)")
        }
    }

    @Test func everyRemovedLineAndSwappedPairOfAPrunedChainIsFound() async throws {
        let lines = try await export(try await world())
        for index in lines.indices {
            var fewer = lines
            fewer.remove(at: index)
            #expect(!findings(fewer).isEmpty, "line \(index + 1)")
            guard index + 1 < lines.count else { continue }
            var swapped = lines
            swapped.swapAt(index, index + 1)
            #expect(!findings(swapped).isEmpty, "lines \(index + 1) and \(index + 2)")
        }
    }

    @Test func aChainCutAtItsFrontWithoutAPruningIsFound() async throws {
        let world = try await TestWorld()
        while try await world.auditEntries().count < 6 { _ = try await world.channel() }
        let lines = try await export(world)
        for count in 1..<6 {
            let found = findings(lines.dropFirst(count))
            #expect(found == ["Line \(7 - count): \(Self.unproven(count))"])
        }
    }

    private static func unproven(_ count: Int) -> String {
        "the log begins after entry \(count), and no entry proves that earlier ones were pruned."
    }

    /// Another day's signed head also names a sequence and a hash, but does not prove a pruning.
    @Test func aSignedHeadIsNoPruning() async throws {
        let world = try await TestWorld()
        while try await world.auditEntries().count < 4 { _ = try await world.channel() }
        let head = try await world.repository.auditHead(of: world.organization, as: world.owner)
        let forged: JSONValue = [
            "organization_id": JSONValue(head.organizationID), "up_to": .integer(head.sequence),
            "hash": .string(head.hash), "at": JSONValue(head.at), "public_key": .string(head.publicKey),
            "signature": .string(head.signature),
        ]
        let pruning = try #require(AuditPruning(detail: forged.compactBytes))
        #expect(!pruning.isAuthentic)
    }

    @Test func whatIsNotAnnouncedCannotBeDeleted() async throws {
        let world = try await world()
        await #expect(throws: RepositoryError.self) {
            try await world.database.write { connection throws(RepositoryError) in
                try connection.execute("DELETE FROM audit_entries WHERE sequence = 11", [])
            }
        }
    }

    @Test func halfPrunedAfterACrashExportsFromWhereItWasAnnounced() async throws {
        let world = try await TestWorld()
        while try await world.auditEntries().count < 700 { _ = try await world.channelWithLittle() }
        world.clock.advance(by: Self.days * 401)
        #expect(try await world.maintenance.pruneAuditEntries(of: world.organization) == 500)
        #expect(try await world.auditEntries().first?.sequence == 501)
        #expect(findings(try await export(world)) == [])
        #expect(try await world.maintenance.pruneAuditEntries(of: world.organization) == 200)
        #expect(try await world.maintenance.pruneAuditEntries(of: world.organization) == 0)
        #expect(try await world.auditEntries().map(\.action) == ["audit.pruned"])
        #expect(findings(try await export(world)) == [])
    }
}

extension TestWorld {
    /// Adds an audit entry and little else.
    fileprivate func channelWithLittle() async throws {
        let organization = try await repository.organization(organization, as: owner)
        let name = organization.name == "A" ? "B" : "A"
        _ = try await repository.changeOrganization(
            organization.id, OrganizationChange(name: name), as: owner)
    }
}
