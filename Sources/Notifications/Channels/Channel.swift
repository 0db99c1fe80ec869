/// A saved destination of an organization's notifications.
package struct Channel: Sendable {
    package let id: ChannelID
    package let organizationID: OrganizationID
    /// The kind's id: `slack`.
    package let kind: String
    /// Nil if this version does not know the kind: a newer one saved the channel.
    package let knownKind: (any ChannelKind)?
    package var name: String
    package var settings: ChannelSettings
    package var subscription: Subscription
    /// Deliveries per minute at most; nil for what the kind's service publishes.
    package var maxPerMinute: Int?
    package var state: ChannelState
    /// Why the service disabled it, in words.
    package var disabledReason: String?
    /// The number of its newest revision, from 1; also the ETag.
    package var version: Int64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// The receiver's host when the channel was saved, for the limit that all channels of a host share; nil if unknown.
    package var host: String?
    /// False if what is stored cannot be read: then the settings are empty and nothing can be sent.
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
    /// The kind's name for people, or its id if this version does not know it.
    package var kindName: String { knownKind?.name ?? kind }

    /// The settings with secrets masked.
    package var shownSettings: JSONObject { settings.masked(by: knownKind) }
}

/// Whether a channel sends. The raw value is the word in the API and the database.
package enum ChannelState: String, Sendable {
    case enabled
    /// Deliveries are held until it is resumed.
    case paused
    /// Nothing is sent or held.
    case disabled
    /// Its name is kept for old deliveries; its settings are erased.
    case removed
}
