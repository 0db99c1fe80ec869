import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// Applies the sabotage.
extension SimulatedWorld {
    func breakRows(of event: EventID) async throws {
        try await execute(
            """
            DELETE FROM deliveries WHERE delivery_id = (
                SELECT max(delivery_id) FROM deliveries WHERE event_id = \(event.literal))
            """)
    }

    /// The event never gets to the disk, and is posted again.
    func undo(_ acceptance: Acceptance) async throws {
        let event = acceptance.eventID.literal
        for table in ["idempotency_keys", "deliveries", "events"] {
            try await execute("DELETE FROM \(table) WHERE event_id = \(event)")
        }
        if let last = posted.popLast() { post(last.content) }
    }

    func meddleBeforeAClaim() async throws {
        switch sabotage {
        case .circuitIgnored:
            try await execute("UPDATE channel_health SET opened_at = NULL, probe_at = NULL, absences = 0")
        case .holdIgnored: try await execute("UPDATE channel_health SET held_until = 0")
        case .orderIgnored:
            try await execute("UPDATE events SET type = 'test.notification_channel' WHERE type = 'test.started'")
        case .decidedIsClaimed:
            try await execute(
                """
                UPDATE deliveries SET generation = (SELECT c.generation FROM channels c
                    WHERE c.organization_id = deliveries.organization_id AND c.channel_id = deliveries.channel_id)
                WHERE state = 'due' AND EXISTS (SELECT 1 FROM channels c
                    WHERE c.organization_id = deliveries.organization_id AND c.channel_id = deliveries.channel_id
                        AND c.state = 'enabled')
                """)
        default: break
        }
    }

    func meddleBeforeASweep() async throws {
        guard sabotage == .ownClaimsTaken else { return }
        try await execute("UPDATE deliveries SET lease_owner = 'x' WHERE state = 'claimed'")
        try await execute(
            """
            INSERT INTO nodes (node_id, host, version, started_at, seen_at, steady_since) VALUES ('x', '', '', 0, 0, 0)
            ON CONFLICT DO NOTHING
            """)
    }

    func meddleBeforeAStart() async throws {
        switch sabotage {
        case .clockForgotten: try await execute("DELETE FROM service_clock")
        case .leadForgotten: try await execute("UPDATE service_clock SET lead = 0")
        default: break
        }
    }

    func meddleAfterTheClock(wasSetBy delta: Duration) async throws {
        switch sabotage {
        case .replaysLeftBehind: try await execute("UPDATE replays SET next_at = next_at - \(delta.microseconds)")
        case .removalsLeftBehind:
            try await execute("UPDATE planned_removals SET due_at = due_at - \(delta.microseconds)")
        default: break
        }
    }

    func meddleAfterAStart() async throws {
        switch sabotage {
        case .interruptionsCounted:
            try await execute(
                "UPDATE deliveries SET attempts_before = attempts_before - 1 WHERE reason = 'interrupted'")
        case .idleTimeCounted: try await countIdleTime()
        default: break
        }
    }

    /// Counts all the time since the previous failure.
    func countIdleTime() async throws {
        try await execute(
            "UPDATE channel_health SET failing_for = failing_for + \(scheduled().microseconds) - failed_at "
                + "WHERE failed_at IS NOT NULL")
    }

    /// The work that failed, as the engine learns of it.
    func meddledWith(_ work: EngineWork) -> EngineWork {
        guard sabotage == .partOfABatchLost, work.results.count > 1 else { return work }
        return EngineWork(results: Array(work.results.dropLast()), turns: work.turns)
    }

    /// The result to write, sabotaged if need be.
    func meddledWith(_ result: DeliveryResult) -> DeliveryResult {
        guard sabotage == .gatewaysTrusted, result.attempt.status == 503 else { return result }
        return DeliveryResult(
            delivery: result.delivery, attempt: result.attempt, verdict: result.verdict, failure: .failing,
            outcome: result.outcome, uptime: result.uptime)
    }

    func meddleBeforeAll() async throws {
        guard sabotage == .endsStayBlocked else { return }
        try await execute(
            """
            CREATE TRIGGER IF NOT EXISTS ends_stay_blocked AFTER UPDATE OF waits_for ON deliveries
            WHEN OLD.waits_for IS NOT NULL AND NEW.waits_for IS NULL AND NEW.state = 'due'
            BEGIN
                UPDATE deliveries SET waits_for = OLD.waits_for
                WHERE organization_id = NEW.organization_id AND delivery_id = NEW.delivery_id;
            END
            """)
    }

    func meddleAfterAClaim() async throws {
        switch sabotage {
        case .unreadableKept:
            try await execute("UPDATE deliveries SET state = 'due', reason = NULL WHERE reason = 'unreadable'")
        case .orderIgnored:
            try await execute(
                """
                UPDATE events SET type = 'test.started'
                WHERE type = 'test.notification_channel' AND load_test_run_id IS NOT NULL
                """)
        case .sentWithoutAClaim:
            try await execute(
                """
                UPDATE deliveries SET state = 'due', lease_owner = NULL, lease_until = NULL WHERE state = 'claimed'
                """)
        default: break
        }
    }

    func meddleBeforeAResult(_ result: DeliveryResult, holder: Int64?) async throws {
        guard sabotage == .fencingTokenIgnored, holder != result.delivery.fencingToken else { return }
        try await execute(
            """
            UPDATE deliveries SET state = 'claimed', lease_owner = 'thief', lease_until = 0,
                fencing_token = \(result.delivery.fencingToken)
            WHERE delivery_id = \(result.delivery.id.literal)
            """)
    }

    func meddled(_ result: ExchangeResult) -> ExchangeResult {
        guard sabotage == .localFaultAsAbsence, case .failed(.local(_, let why)) = result else { return result }
        return .failed(.connecting(why))
    }

    func meddleAfterAResult(_ result: DeliveryResult) async throws {
        let row = "WHERE delivery_id = \(result.delivery.id.literal)"
        switch sabotage {
        case .retriedWithoutAPause:
            try await execute("UPDATE deliveries SET due_at = \(scheduled().microseconds) \(row) AND state = 'due'")
        case .localFaultCounted:
            guard case .postponed = result.verdict else { return }
            try await execute("UPDATE deliveries SET attempts = attempts + 1 \(row)")
        case .attemptsNotCounted: try await execute("UPDATE deliveries SET attempts_before = attempts \(row)")
        case .auditEntryChanged:
            try await execute("DROP TRIGGER IF EXISTS audit_entries_are_never_changed")
            try await execute("UPDATE audit_entries SET actor = 'nobody' WHERE sequence = 2")
        default: break
        }
    }

    // MARK: The database, behind the repository's back

    func execute(_ sql: String) async throws { try await database.execute(sql) }

    func count(_ sql: String, _ value: SQLValue, _ number: Int64? = nil) async throws -> Int64 {
        try await database.write { connection throws(RepositoryError) in
            let values = [value] + (number.map { [SQLValue($0)] } ?? [])
            return try connection.row(sql, values) { row in row.integer(0) } ?? 0
        }
    }

    /// The fencing token of a delivery's claim; nil if it is not claimed.
    func holder(of delivery: DeliveryID) async throws -> Int64? {
        try await database.write { connection throws(RepositoryError) in
            try connection.row(
                "SELECT fencing_token FROM deliveries WHERE delivery_id = $1 AND state = 'claimed'",
                [SQLValue(delivery)]
            ) { row in row.integer(0) }
        }
    }

    /// How long until a delivery is due; nil if it is not due at all.
    func dueIn(_ delivery: DeliveryID) async throws -> Duration? {
        let now = scheduled()
        return try await database.write { connection throws(RepositoryError) in
            try connection.row(
                "SELECT due_at FROM deliveries WHERE delivery_id = $1 AND state = 'due'", [SQLValue(delivery)]
            ) { row in row.time(0) - now }
        }
    }
}
