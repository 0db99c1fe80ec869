import Notifications

/// A delivery of an event, for those who only want to know whether it arrived.
package struct FollowedDelivery: Equatable, Sendable {
    package let channelName: String
    package let kind: String
    package let state: DeliveryState
    /// How many attempts have been started since the delivery became due.
    package let attempts: Int
    /// The channel is paused, and sends it when it is resumed.
    package let isHeld: Bool
    /// The channel was disabled when the event was received.
    package let isToDisabled: Bool
}

/// Whom an event was sent to. Without explanations, which can quote receivers.
package struct FollowedEvent: Sendable {
    package let event: Event
    /// In order of the channels' creation; without those that were skipped.
    package let deliveries: [FollowedDelivery]
    package let skipped: Int
    /// Those of the skipped that were disabled, in order of the channels' creation.
    package let disabled: [FollowedDelivery]
}

extension Repository {
    /// What has become of an event so far.
    package func follow(
        _ id: EventID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> FollowedEvent {
        try await look(organization, .followEvent, "event.read", as: principal) {
            transaction throws(RepositoryError) in
            let event = try transaction.event("event_id", SQLValue(id))
            let all = try transaction.connection.rows(
                """
                SELECT c.name, c.kind, \(Settlement.state), d.attempts, c.state, \(Settlement.reason)
                FROM deliveries d
                JOIN channels c ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
                \(Settlement.join)
                WHERE d.organization_id = $1 AND d.event_id = $2 ORDER BY d.channel_id
                """, [SQLValue(organization), SQLValue(id)]
            ) { row in
                let state = DeliveryState(rawValue: row.text(2)) ?? .failed
                let isPaused = ChannelState(rawValue: row.text(4)) == .paused
                return FollowedDelivery(
                    channelName: row.text(0), kind: row.text(1), state: state, attempts: Int(row.integer(3)),
                    isHeld: state == .due && isPaused,
                    isToDisabled: row.text(5) == SkipReason.channelDisabled.rawValue)
            }
            let deliveries = all.filter { $0.state != .skipped }
            return FollowedEvent(
                event: event, deliveries: deliveries, skipped: all.count - deliveries.count,
                disabled: all.filter { $0.state == .skipped && $0.isToDisabled })
        }
    }
}
