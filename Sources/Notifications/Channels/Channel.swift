/// A saved place where an organization's notifications go.
package struct Channel: Sendable {
    package let id: ChannelID
    package let organizationID: OrganizationID
    package let kind: String
    package var name: String
    package var settings: ChannelSettings
    package var subscription: Subscription
    /// Deliveries a minute at most; nil for what the kind's service publishes.
    package var maxPerMinute: Int?
    package var state: ChannelState
    /// Why it is disabled, in words, when the service did that itself.
    package var disabledReason: String?
    /// Counts the revisions from 1; the ETag.
    package var version: Int64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// False when what is saved of it cannot be read: then the settings are empty, and nothing can be sent.
    package var isReadable = true

    package init(
        id: ChannelID, organizationID: OrganizationID, kind: String, name: String, settings: ChannelSettings,
        subscription: Subscription, maxPerMinute: Int? = nil, state: ChannelState, disabledReason: String? = nil,
        version: Int64, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.kind = kind
        self.name = name
        self.settings = settings
        self.subscription = subscription
        self.maxPerMinute = maxPerMinute
        self.state = state
        self.disabledReason = disabledReason
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension Channel {
    /// The host that is sent to, for the limit that all channels of a receiver share; nil when the kind has no address.
    package var host: String? {
        settings.text("url").flatMap { try? OutboundURL(parsing: $0).host }
    }
}

package enum ChannelState: String, Sendable {
    case enabled
    /// Deliveries wait until it is resumed.
    case paused
    /// Nothing is sent and nothing waits.
    case disabled
    /// Kept as a name for old deliveries; its settings are gone.
    case removed
}
