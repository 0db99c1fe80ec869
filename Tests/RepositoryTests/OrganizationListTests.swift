import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct OrganizationListTests {
    @Test func theOperatorSeesAllInPages() async throws {
        let world = try await TestWorld()
        for (number, name) in [(-5, "Minus five"), (Int64.max, "Last"), (7, "Seven")] as [(Int64, String)] {
            _ = try await world.repository.saveOrganization(
                OrganizationID(number), name: name, owner: UserID(9),
                runLinkTemplate: RunLinkTemplate("https://load.example/\(number)"), as: .operator)
        }
        let first = try await world.repository.organizations(page: PageRequest(limit: 3), as: .operator)
        #expect(first.items.map(\.id.value) == [-5, 1, 7])
        let next = try #require(first.next)
        let rest = try await world.repository.organizations(page: PageRequest(limit: 3, cursor: next), as: .operator)
        #expect(rest.items.map(\.id.value) == [.max] && rest.next == nil)
        #expect(rest.items.map(\.name) == ["Last"])
        // Each as it is alone.
        for organization in first.items {
            #expect(try await world.repository.organization(organization.id, as: .operator) == organization)
        }
    }

    @Test func nobodyElseSeesAny() async throws {
        let world = try await TestWorld()
        for principal in [world.owner, try await world.member(3, .member), try await world.service()] {
            let before = try await world.auditEntries().count
            await #expect(throws: RepositoryError.forbidden(Permission.operate.requirement)) {
                try await world.repository.organizations(page: PageRequest(), as: principal)
            }
            #expect(try await world.auditEntries().count == before + 1)
            #expect(try await world.auditEntries().last?.action == "refused")
        }
    }

    @Test func aCursorOfAnotherListIsRefused() async throws {
        let world = try await TestWorld()
        await #expect(throws: RepositoryError.invalid(.cursorOfAnotherList)) {
            try await world.repository.organizations(
                page: PageRequest(cursor: Cursor(position: "x")), as: .operator)
        }
    }
}
