import Notifications
import Repository
import TestSupport
import Testing

/// What came after a sequence, for readers who follow an organization's events.
@Suite(.everyEngine) struct NewEventTests {
    @Test func theEventsAfterASequenceAreReadOldestFirst() async throws {
        let world = try await TestWorld()
        let (repository, organization, owner) = (world.repository, world.organization, world.owner)
        #expect(try await repository.newestEvent(of: organization, as: owner) == 0)
        try await world.post(5)
        #expect(try await repository.newestEvent(of: organization, as: owner) == 5)
        let part = try await repository.events(after: 2, limit: 2, of: organization, as: owner)
        #expect(part.map(\.sequence) == [3, 4])
        let rest = try await repository.events(after: 4, limit: 2, of: organization, as: owner)
        #expect(rest.map(\.sequence) == [5] && rest.first?.content.type == .testStarted)
        #expect(try await repository.events(after: 5, limit: 2, of: organization, as: owner).isEmpty)
    }

    @Test func onlyWhoMayReadTheOrganizationIsTold() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        await #expect(throws: RepositoryError.self) {
            _ = try await world.repository.newestEvent(of: world.organization, as: service)
        }
        await #expect(throws: RepositoryError.self) {
            _ = try await world.repository.events(after: 0, limit: 1, of: world.organization, as: service)
        }
    }
}
