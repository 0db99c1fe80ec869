import Notifications

extension MaintenanceStore {
    /// Deletes up to `limit` expired idempotency keys and returns how many.
    package func forgetIdempotencyKeys(limit: Int) async throws(RepositoryError) -> Int {
        let at = context.now()
        return try await context.database.write(in: .wholeService) { connection throws(RepositoryError) in
            // By their keys: with a subquery over both columns, SQLite reads all keys of each organization.
            let expired = try connection.rows(
                "SELECT organization_id, key FROM idempotency_keys WHERE expires_at < $1 LIMIT $2",
                [SQLValue(at), SQLValue(limit)]
            ) { row in [SQLValue(row.number(0) as OrganizationID), SQLValue(row.text(1))] }
            try connection.executeMany("DELETE FROM idempotency_keys WHERE organization_id = $1 AND key = $2", expired)
            return expired.count
        }
    }
}
