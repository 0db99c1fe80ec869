/// A saved place where an organization's notifications go.
package struct Channel: Sendable {
    package let id: ChannelID
    package let organizationID: OrganizationID
    /// The kind's word.
    package let kind: String
    /// Nil when this version does not have the kind: the channel was saved by a newer one.
    package let knownKind: (any ChannelKind)?
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
    /// The host that is sent to as it was when the channel was saved, for the limit that all channels of a receiver share;
    /// nil when it is not known.
    package var host: String?
    /// False when what is saved of it cannot be read: then the settings are empty, and nothing can be sent.
    package var isReadable = true

    package init(
        id: ChannelID, organizationID: OrganizationID, kind: String, knownKind: (any ChannelKind)?,
        name: String, settings: ChannelSettings, subscription: Subscription, maxPerMinute: Int? = nil,
        state: ChannelState, disabledReason: String? = nil,
        version: Int64, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.kind = kind
        self.knownKind = knownKind
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
    /// The kind's name for people; its word when this version does not have it.
    package var kindName: String { knownKind?.name ?? kind }

    /// The settings as they may be shown: secrets masked.
    package var shownSettings: JSONObject { settings.masked(by: knownKind) }
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
