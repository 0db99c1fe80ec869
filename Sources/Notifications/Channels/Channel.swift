/// A saved place where an organization's notifications go.
package struct Channel: Sendable {
    package let id: ChannelID
    package let organizationID: OrganizationID
    package let kind: String
    package var name: String
    package var settings: ChannelSettings
    package var subscription: Subscription
    package var state: ChannelState
    /// Why it is disabled, in words, when the service did that itself.
    package var disabledReason: String?
    /// Counts the revisions from 1; the ETag.
    package var version: Int64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: ChannelID, organizationID: OrganizationID, kind: String, name: String, settings: ChannelSettings,
        subscription: Subscription, state: ChannelState, disabledReason: String? = nil, version: Int64,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.kind = kind
        self.name = name
        self.settings = settings
        self.subscription = subscription
        self.state = state
        self.disabledReason = disabledReason
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

package enum ChannelState: String, Sendable {
    case enabled
    case disabled
    /// Kept as a name for old deliveries; its settings are gone.
    case removed
}
