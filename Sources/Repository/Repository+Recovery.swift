import Notifications

extension Repository {
    /// A delivery during which the process died so often in a row is parked: it may be what kills it.
    private static let interruptionsAllowed: Int64 = 3

    /// Makes due again what a process that died had claimed: all claims when `expiredOnly` is false (at the start of the
    /// only process there is), otherwise those whose lease has ended. The number of deliveries taken back.
    package func recover(expiredOnly: Bool) async throws(RepositoryError) -> Int {
        let at = now()
        let limit: Timestamp = expiredOnly ? at : Timestamp(microseconds: .max)
        return try await database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                INSERT INTO attempts (organization_id, delivery_id, number, started_at, duration, verdict, finding_code,
                    finding_text)
                SELECT organization_id, delivery_id, attempts, updated_at, 0, 'interrupted', 'interrupted',
                    'The service stopped during this attempt; whether it was sent is not known.'
                FROM deliveries WHERE state = 'claimed' AND lease_until < $1
                ON CONFLICT DO NOTHING
                """, [SQLValue(limit)])
            return try connection.execute(
                """
                UPDATE deliveries SET interruptions = interruptions + 1, due_at = $2, updated_at = $2,
                    state = CASE WHEN interruptions + 1 >= $3 THEN 'failed' ELSE 'due' END,
                    reason = CASE WHEN interruptions + 1 >= $3 THEN 'poison' ELSE 'interrupted' END,
                    lease_owner = NULL, lease_until = NULL
                WHERE state = 'claimed' AND lease_until < $1
                """, [SQLValue(limit), SQLValue(at), SQLValue(Self.interruptionsAllowed)])
        }
    }

    /// Forgets idempotency keys that have expired, at most `limit` at a time; how many they were.
    package func forgetIdempotencyKeys(limit: Int) async throws(RepositoryError) -> Int {
        let at = now()
        return try await database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                DELETE FROM idempotency_keys WHERE (organization_id, key) IN (
                    SELECT organization_id, key FROM idempotency_keys WHERE expires_at < $1 LIMIT $2)
                """, [SQLValue(at), SQLValue(limit)])
        }
    }
}
