import Notifications
import Repository
import TestSupport
import Testing

@testable import PostgresDatabase

/// Plans follow tables that grow.
@Suite(.postgres) struct PlanTests {
    /// Among a hundred deliveries of an organization, a wrong index is as good as the right one.
    @Test func whatWasPlannedForAnEmptyTableIsPlannedAgain() async throws {
        let node = try await Node.several(1)[0]
        let tenant = try await Tenant(in: node.stores.repository)
        try await node.database.addNodes("test", at: TestClock().now)
        let queue = ChannelQueue(organizationID: tenant.organization, channelID: try await tenant.channel().id)
        let service = try await tenant.service().principal
        let claim = { (posted: Int64) in
            var rest = (0..<50).map { EventContent.testStarted(.sample(posted + $0)) }[...]
            while !rest.isEmpty {
                rest = rest.dropFirst(try await node.stores.repository.accept(firstOf: rest, as: service).count)
            }
            return try await node.stores.deliveries.claim([(queue, 50)], owner: "test", lease: .seconds(30))
        }
        for round in Int64(0)..<40 { _ = try await claim(round * 50) }
        let before = try await entriesRead(node.database)
        let claimed = try await claim(10_000).flatMap(\.deliveries)
        let read = try await entriesRead(node.database) - before
        #expect(claimed.count == 50)
        // Entries of rows that were due before may be read, too, until the server cleans up.
        #expect(read < 20_000, "\(read) entries of indexes were read; with the first plan it is 100,000")
    }

    private func entriesRead(_ database: any SQLDatabase) async throws -> Int64 {
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("SELECT pg_stat_force_next_flush()", [])
        }
        return try await database.write { connection throws(RepositoryError) in
            try connection.row(
                "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'deliveries'", []
            ) { row in row.integer(0) } ?? 0
        }
    }

    @Test func theyAreMadeAgainLessAndLessOften() {
        var (age, often) = (PlanAge(), 0)
        for _ in 0..<100_000 {
            age.note(1)
            if age.isOver() { often += 1 }
        }
        #expect((8...14).contains(often))
        age = PlanAge()
        let later = ContinuousClock.now + .seconds(31)
        let unused = age.isOver(at: later)
        age.note(1)
        let (soon, late) = (age.isOver(), age.isOver(at: later))
        #expect(!unused && !soon && late)
    }
}
