/// One event for one channel. There is one for every event and channel, even if nothing is sent.
package struct Delivery: Sendable {
    package let id: DeliveryID
    package let organizationID: OrganizationID
    package let eventID: EventID
    package let channelID: ChannelID
    package let state: DeliveryState
    /// Why it was skipped, failed or cancelled, or what the last attempt found: a stable code.
    package let reason: String?
    /// Attempts started.
    package let attempts: Int
    /// When the next attempt is due; nil when there is none.
    package let dueAt: Timestamp?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(
        id: DeliveryID, organizationID: OrganizationID, eventID: EventID, channelID: ChannelID, state: DeliveryState,
        reason: String?, attempts: Int, dueAt: Timestamp?, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.eventID = eventID
        self.channelID = channelID
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.dueAt = dueAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
