import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct RetentionCalendarTests {
    private static let day = Duration.seconds(86_400)

    private func due(_ world: TestWorld, _ calendar: RetentionCalendar = .events) async throws -> [OrganizationID] {
        try await world.maintenance.organizationsToPrune(calendar)
    }

    private func looked(_ world: TestWorld) async throws -> Int64? {
        try await world.database.read { connection throws(RepositoryError) in
            try connection.row(
                "SELECT count(*) FROM organizations WHERE retention_due_at > $1", [SQLValue(world.clock.now)]
            ) { row in row.integer(0) }
        }
    }

    /// Organizations with nothing to delete are postponed, and not visited again in the following rounds.
    @Test func onlyThoseAreVisitedWhoseTimeHasCome() async throws {
        let world = try await TestWorld()
        try await world.database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                "INSERT INTO organizations (organization_id, name, created_at) VALUES ($1, 'One of many', 0)",
                (2...2000).map { [SQLValue(Int64($0))] })
        }
        try await world.post()
        #expect(try await due(world).isEmpty)
        #expect(try await looked(world) == 2000)
        for _ in 1...91 {
            world.clock.advance(by: Self.day)
            if try await !due(world).isEmpty { break }
        }
        #expect(try await due(world) == [world.organization])
        try await world.maintenance.finishPruning(of: world.organization, expired: 0, in: .events)
        #expect(try await due(world).isEmpty, "it has its rest")
        #expect(try await looked(world) == 2000)
    }

    @Test func anotherRetentionIsHeededAtOnce() async throws {
        let world = try await TestWorld()
        try await world.post()
        world.clock.advance(by: Self.day * 8)
        #expect(try await due(world).isEmpty)
        _ = try await world.repository.changeOrganization(
            world.organization, OrganizationChange(retentionDays: 7), as: world.owner)
        #expect(try await due(world) == [world.organization])
    }

    @Test func aClockThatIsSetBackDoesNotPutItOffForLong() async throws {
        let world = try await TestWorld()
        world.clock.advance(by: Self.day * 1000)
        #expect(try await due(world).isEmpty)
        world.clock.advance(by: .zero - Self.day * 1000)
        try await world.post()
        _ = try await world.maintenance.organizationsToPrune(.events)
        world.clock.advance(by: Self.day * 91)
        #expect(try await due(world) == [world.organization])
    }

    @Test func theAuditLogHasItsOwn() async throws {
        let world = try await TestWorld()
        #expect(try await due(world, .auditLog).isEmpty)
        world.clock.advance(by: Self.day * 401)
        #expect(try await due(world, .auditLog) == [world.organization])
        #expect(try await due(world).isEmpty)
    }
}
