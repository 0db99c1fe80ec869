import Notifications

/// A channel removal that can still be undone.
package struct PlannedRemoval: Equatable, Sendable {
    package let channelID: ChannelID
    package let dueAt: Timestamp
}

extension Repository {
    /// How long a removal can be undone. Until then the channel is paused and its events wait, so undoing loses
    /// nothing.
    package static let removalDelay = Duration.seconds(60)

    /// Removes a channel after `removalDelay`. With `version`, only if that is still the channel's version.
    package func planRemoval(
        of id: ChannelID, in organization: OrganizationID, version: Int64?, as principal: Principal
    ) async throws(RepositoryError) -> PlannedRemoval {
        try await change(organization, .administer, "channel.remove", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id, version: version)
            guard try transaction.plannedRemovals().allSatisfy({ $0.channelID != id }) else {
                throw .conflict("The channel is already being removed.")
            }
            let due = transaction.due + Self.removalDelay
            try transaction.connection.execute(
                """
                INSERT INTO planned_removals (organization_id, channel_id, state, actor, due_at)
                VALUES ($1, $2, $3, $4, $5)
                """,
                [
                    SQLValue(organization), SQLValue(id), SQLValue(before.state.rawValue), SQLValue(principal.actor),
                    SQLValue(due),
                ])
            var after = before
            if before.state == .enabled { after.state = .paused }
            _ = try transaction.save(after, replacing: before, action: "channel.removal_planned")
            return PlannedRemoval(channelID: id, dueAt: transaction.at + Self.removalDelay)
        }
    }

    /// Restores the channel to its state before the removal was planned. Throws `notFound` if it is too late.
    package func undoRemoval(
        of id: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.undo_removal", as: principal) {
            transaction throws(RepositoryError) in
            let who: [SQLValue] = [SQLValue(organization), SQLValue(id)]
            let state = try transaction.connection.row(
                "SELECT state FROM planned_removals WHERE organization_id = $1 AND channel_id = $2", who
            ) { row in ChannelState(rawValue: row.text(0)) }
            guard let state = state ?? nil else { throw .notFound("removal") }
            try transaction.connection.execute(
                "DELETE FROM planned_removals WHERE organization_id = $1 AND channel_id = $2", who)
            let before = try transaction.channel(id)
            var after = before
            // If a receiver that is gone for good has disabled the channel meanwhile, it stays disabled.
            if before.state == .paused { after.state = state }
            if after.state == .enabled { _ = try transaction.settle(id, .resumed, spacing: before.spacing) }
            return try transaction.save(after, replacing: before, action: "channel.removal_undone")
        }
    }

    /// The removals that can still be undone.
    package func plannedRemovals(
        in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> [PlannedRemoval] {
        try await look(organization, .read, "channels.list", as: principal) { transaction throws(RepositoryError) in
            try transaction.plannedRemovals()
        }
    }
}

extension Transaction {
    fileprivate func plannedRemovals() throws(RepositoryError) -> [PlannedRemoval] {
        try connection.rows(
            "SELECT channel_id, \(ShownTime.of("due_at")) FROM planned_removals WHERE organization_id = $1",
            [SQLValue(organization)]
        ) { row in PlannedRemoval(channelID: row.id(0), dueAt: row.time(1)) }
    }
}
