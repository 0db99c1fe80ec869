import Notifications

/// Remains of changed and removed channels, kept for as long as the organization keeps its events.
extension MaintenanceStore {
    /// Deletes one piece of an organization's removed channels and superseded channel versions. Returns the number of
    /// rows, 0 when none are left.
    package func pruneChannels(of organization: OrganizationID) async throws(RepositoryError) -> Int {
        try await context.serve(organization) { transaction throws(RepositoryError) in
            let days = try Organization.get(organization, on: transaction.connection).retentionDays
            let limit = transaction.at - .seconds(86_400 * days)
            let channels = try transaction.pruneRemovedChannels(before: limit)
            return try channels + transaction.pruneRevisions(before: limit, limit: Self.rowsPrunedAtOnce - channels)
        }
    }
}

extension Transaction {
    /// A channel receives no event after its removal, so once all events are younger nothing refers to it.
    fileprivate func pruneRemovedChannels(before limit: Timestamp) throws(RepositoryError) -> Int {
        let oldest = try connection.row(
            "SELECT received_at FROM events WHERE organization_id = $1 ORDER BY event_id LIMIT 1",
            [SQLValue(organization)]
        ) { row in row.time(0) }
        let gone: [ChannelID] = try connection.rows(
            """
            SELECT channel_id FROM channels WHERE organization_id = $1 AND state = 'removed' AND updated_at < $2
            ORDER BY updated_at LIMIT \(MaintenanceStore.rowsPrunedAtOnce / 2)
            """, [SQLValue(organization), SQLValue(min(limit, oldest ?? limit))]
        ) { row in row.id(0) }
        let rows = gone.map { [SQLValue(organization), SQLValue($0)] }
        for table in ["channel_health", "channels"] {
            try connection.executeMany("DELETE FROM \(table) WHERE organization_id = $1 AND channel_id = $2", rows)
        }
        return 2 * gone.count
    }

    /// Versions superseded before the limit.
    fileprivate func pruneRevisions(before limit: Timestamp, limit room: Int) throws(RepositoryError) -> Int {
        try connection.execute(
            """
            DELETE FROM channel_revisions WHERE organization_id = $1 AND (channel_id, version) IN (
                SELECT r.channel_id, r.version - 1 FROM channel_revisions r
                WHERE r.organization_id = $1 AND r.created_at < $2 AND \(RetentionCalendar.hasEarlierRevision)
                ORDER BY r.created_at LIMIT $3)
            """, [SQLValue(organization), SQLValue(limit), SQLValue(room)])
    }
}
