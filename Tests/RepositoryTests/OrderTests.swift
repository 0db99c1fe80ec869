import Notifications
import SQLiteDatabase
import Testing

@testable import Repository

/// What the rule "the end of a run waits for its start" costs: look-ups by index, whatever else the organization has.
@Suite struct OrderTests {
    private let dueOfOneLane = """
        SELECT d.delivery_id FROM deliveries d
        WHERE d.organization_id = $1 AND d.channel_id = $2 AND d.state = 'due' AND d.due_at <= $3
            AND \(Transaction.mayBeSent)
        ORDER BY d.due_at LIMIT 8
        """

    private func plan(of sql: String) async throws -> [String] {
        let world = try await TestWorld()
        return try await world.database.write { connection throws(RepositoryError) in
            try connection.rows("EXPLAIN QUERY PLAN " + sql, [1, "c", 0]) { row in row.text(3) }
        }
    }

    @Test func everyLookUpIsByIndex() async throws {
        let steps = try await plan(of: dueOfOneLane)
        #expect(!steps.contains { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN started") })
        let searches = steps.filter { $0.hasPrefix("SEARCH") }
        let expected = [
            "SEARCH d USING INDEX deliveries_due (organization_id=? AND channel_id=? AND due_at<?)",
            "SEARCH f USING PRIMARY KEY (organization_id=? AND event_id=?)",
            "SEARCH s USING COVERING INDEX events_of_run (organization_id=? AND load_test_run_id=? AND type=?)",
        ]
        for step in expected { #expect(searches.contains(step), "\(step) is not in \(searches)") }
        #expect(searches.contains { $0.hasPrefix("SEARCH b USING") && $0.contains("event_id=? AND channel_id=?") })
    }

    @Test func whatIsDueAtAChannelIsSettledByItsIndex() async throws {
        let steps = try await plan(
            of:
                "SELECT 1 FROM deliveries WHERE organization_id = $1 AND channel_id = $2 AND state = 'due' AND due_at >= $3"
        )
        #expect(steps.contains { $0.contains("INDEX deliveries_due (organization_id=? AND channel_id=?") })
    }
}
