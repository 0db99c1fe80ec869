import Notifications

extension MaintenanceStore {
    /// Deletes up to `limit` tallies of hours that are no longer shown, and returns how many.
    package func forgetHours(limit: Int) async throws(RepositoryError) -> Int {
        let oldest = context.now().hour - Int64(DeliveryFigures.length)
        return try await context.database.write(in: .wholeService) { connection throws(RepositoryError) in
            let old = try connection.rows(
                "SELECT organization_id, hour, channel_id FROM channel_hours WHERE hour < $1 LIMIT $2",
                [SQLValue(oldest), SQLValue(limit)]
            ) { row in
                [
                    SQLValue(row.number(0) as OrganizationID), SQLValue(row.storedInteger(1)),
                    SQLValue(row.id(2) as ChannelID),
                ]
            }
            try connection.executeMany(
                "DELETE FROM channel_hours WHERE organization_id = $1 AND hour = $2 AND channel_id = $3", old)
            return old.count
        }
    }
}
