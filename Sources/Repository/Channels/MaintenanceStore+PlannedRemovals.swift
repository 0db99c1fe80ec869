import Notifications

extension MaintenanceStore {
    /// Carries out the removals that are due, on behalf of whoever planned them.
    package func removePlannedChannels() async throws(RepositoryError) {
        let now = context.scheduled()
        let due = try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
            try connection.rows(
                "SELECT organization_id, channel_id, actor FROM planned_removals WHERE due_at <= $1", [SQLValue(now)]
            ) { row -> (OrganizationID, ChannelID, String) in (row.number(0), row.id(1), row.text(2)) }
        }
        for (organization, channel, actor) in due {
            try await remove(channel, of: organization, dueBy: now, by: actor)
        }
    }

    private func remove(
        _ id: ChannelID, of organization: OrganizationID, dueBy now: Timestamp, by actor: String
    ) async throws(RepositoryError) {
        try await context.serve(organization) { transaction throws(RepositoryError) in
            let planned = try transaction.connection.execute(
                "DELETE FROM planned_removals WHERE organization_id = $1 AND channel_id = $2 AND due_at <= $3",
                [SQLValue(organization), SQLValue(id), SQLValue(now)])
            guard planned == 1, let channel = try transaction.channelIfThere(id) else { return }
            try transaction.remove(channel, actor: actor)
        }
    }
}
