import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct AuditLogTests {
    private func export(_ world: TestWorld) async throws -> [UInt8] {
        let head = try await world.repository.auditHead(of: world.organization, as: world.owner)
        let entries = try await world.auditEntries()
        return Array((entries.map(AuditExport.line).joined() + AuditExport.line(head)).utf8)
    }

    @Test func theExportVerifies() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        let result = AuditExport.verify(try await export(world))
        #expect(result.findings == [])
        #expect(result.entries == 4)
    }

    @Test func entriesCannotBeChangedInTheDatabase() async throws {
        let world = try await TestWorld()
        for statement in ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries"] {
            await #expect(throws: RepositoryError.self) {
                try await world.database.write { connection throws(RepositoryError) in
                    try connection.execute(statement, [])
                }
            }
        }
    }

    @Test func filtersAndPagesAgree() async throws {
        let world = try await TestWorld()
        for number in 1...3 { _ = try await world.channel("Channel \(number)") }
        let page = try await world.repository.auditLog(
            of: world.organization, filter: AuditFilter(action: "channel.created"), page: PageRequest(limit: 2),
            as: world.owner)
        #expect(page.items.map(\.sequence) == [5, 4])
        let rest = try await world.repository.auditLog(
            of: world.organization, filter: AuditFilter(action: "channel.created"),
            page: PageRequest(limit: 2, cursor: page.next), as: world.owner)
        #expect(rest.items.map(\.sequence) == [3] && rest.next == nil)
    }

    @Test func savingTheSameAgainLeavesNoEntry() async throws {
        let world = try await TestWorld()
        let before = try await world.auditEntries().count
        _ = try await world.repository.saveOrganization(
            world.organization, name: "Organization 1", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        _ = try await world.repository.saveMember(UserID(1), role: .owner, in: world.organization, as: world.owner)
        #expect(try await world.auditEntries().count == before)
    }
}
