import Notifications

extension Repository {
    /// Nothing more is sent to the channel until it is resumed; what is accepted for it waits. `conflict` when it is not
    /// enabled.
    package func pauseChannel(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.pause", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id)
            guard before.state == .enabled else {
                throw .conflict("The channel is \(before.state.rawValue); only an enabled one can be paused.")
            }
            var after = before
            after.state = .paused
            return try transaction.save(after, replacing: before, action: "channel.paused")
        }
    }

    /// Sends again, beginning with what has waited: oldest first and paced, so that the receiver is not overrun. What
    /// waits of events received before `skipOlderThan` is skipped. `conflict` when the channel is not paused.
    package func resumeChannel(
        _ id: ChannelID, of organization: OrganizationID, skipOlderThan: Timestamp?, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.resume", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id)
            guard before.state == .paused else {
                throw .conflict("The channel is \(before.state.rawValue); only a paused one can be resumed.")
            }
            var more = JSONObject()
            if let skipOlderThan {
                more["skip_older_than"] = JSONValue(skipOlderThan)
                more["skipped"] = .integer(Int64(try transaction.skipHeld(at: id, olderThan: skipOlderThan)))
            }
            more["released"] = .integer(Int64(try transaction.releaseHeld(at: before)))
            var after = before
            after.state = .enabled
            return try transaction.save(after, replacing: before, action: "channel.resumed", more: more)
        }
    }
}

extension Channel {
    /// The time between two deliveries of those that have waited: five a second, or the channel's own rate where that
    /// is slower.
    var spacing: Duration {
        let own = maxPerMinute.map { Duration.seconds(60) / $0 } ?? .zero
        return max(own, .milliseconds(200))
    }
}

extension Transaction {
    /// `due_at >= 0` has SQLite take the index of what is due; without, it reads all deliveries of the organization.
    fileprivate func skipHeld(at channel: ChannelID, olderThan limit: Timestamp) throws(RepositoryError) -> Int {
        try connection.execute(
            """
            UPDATE deliveries SET state = 'skipped', reason = $5, updated_at = $3
            WHERE organization_id = $1 AND channel_id = $2 AND state = 'due' AND due_at >= 0 AND EXISTS (
                SELECT 1 FROM events e
                WHERE e.organization_id = $1 AND e.event_id = deliveries.event_id AND e.received_at < $4)
            """,
            [
                SQLValue(organization), SQLValue(channel), SQLValue(at), SQLValue(limit),
                SQLValue(SkipReason.channelPaused.rawValue),
            ])
    }

    /// One after the other, in the order of their events; a delivery whose next attempt lies ahead keeps its time.
    func releaseHeld(at channel: Channel) throws(RepositoryError) -> Int {
        try connection.execute(
            """
            UPDATE deliveries SET due_at = $3 + (held.place - 1) * $4, updated_at = $3
            FROM (
                SELECT delivery_id, row_number() OVER (ORDER BY event_id) AS place FROM deliveries
                WHERE organization_id = $1 AND channel_id = $2 AND state = 'due' AND due_at <= $3) held
            WHERE organization_id = $1 AND deliveries.delivery_id = held.delivery_id
            """,
            [
                SQLValue(organization), SQLValue(channel.id), SQLValue(at),
                SQLValue(channel.spacing.microseconds),
            ])
    }
}
