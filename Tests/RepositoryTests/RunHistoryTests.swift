import Notifications
import TestSupport
import Testing

@testable import Repository

/// What rules that use the run's history are given.
@Suite(.everyEngine) struct RunHistoryTests {
    private func history(
        of content: EventContent, before event: EventID, in world: TestWorld
    ) async throws -> RunHistory {
        try await world.repository.look(world.organization, .read, "test", as: world.owner) {
            transaction throws(RepositoryError) in
            try transaction.runHistory(of: content, before: event)
        }
    }

    @Test func isTheEndOfTheRunBeforeOfTheSameLoadTest() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        var events: [EventID] = []
        for content in [
            EventContent.testFinished(.sample(1, status: .failedThreshold)), .testStarted(.sample(2, status: .running)),
            .testFinished(.sample(3, status: .timedOut, loadTest: 8)), .testFinished(.sample(2, status: .finished)),
        ] {
            world.clock.advance(by: .seconds(1))
            events.append(try await world.repository.accept(content, idempotencyKey: nil, as: service).eventID)
        }
        let next = EventContent.testFinished(.sample(4, status: .finished))
        world.clock.advance(by: .seconds(1))
        let now = EventID(at: world.clock.now)
        #expect(try await history(of: next, before: now, in: world).lastStatus == .finished)
        #expect(try await history(of: next, before: events[3], in: world).lastStatus == .failedThreshold)
        #expect(try await history(of: next, before: events[0], in: world) == .none)
        let other = EventContent.testFinished(.sample(4, status: .finished, loadTest: 9))
        #expect(try await history(of: other, before: now, in: world) == .none)
        #expect(try await history(of: .testNotificationChannel, before: now, in: world) == .none)
    }

    @Test func isFoundByItsIndexAlone() async throws {
        // Plans of PostgreSQL depend on how much is in a table.
        guard TestEngine.current.dialect == .sqlite else { return }
        let world = try await TestWorld()
        let steps = try await world.database.write { connection throws(RepositoryError) in
            try connection.rows("EXPLAIN QUERY PLAN " + Transaction.runBefore, [1, 7, "e"]) { row in row.text(3) }
        }
        #expect(
            steps == [
                "SEARCH events USING COVERING INDEX events_ends_of_load_test "
                    + "(organization_id=? AND type=? AND load_test_id=? AND event_id<?)"
            ])
    }

    @Test func whatRulesAskForIsKeptInColumns() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        for content in [EventContent.testNotificationChannel, .testFinished(.sample(1, status: .timedOut))] {
            _ = try await world.repository.accept(content, idempotencyKey: nil, as: service)
        }
        let rows = try await world.database.read(.short) { connection throws(RepositoryError) in
            try connection.rows("SELECT load_test_id, project_id, status FROM events ORDER BY sequence", []) { row in
                (0..<3).map { row.optionalInteger($0) }
            }
        }
        #expect(rows == [[nil, nil, nil], [7, 9, 4]])
    }
}
