import Notifications

/// The channels of an organization, as one transaction needs them that accepts events: looked up once for all of these.
struct EventAudience {
    let channels: [CurrentChannel]
    /// Those among the examined ones that may be sent to at once.
    private(set) var ready: [ChannelID: Channel] = [:]
    private(set) var examined: Set<ChannelID> = []
    /// Nodes, and whether each has a row.
    var nodes: [String: Bool] = [:]
    /// The display names that users have, nil for none.
    var userNames: [UserID: String?] = [:]

    init(channels: [CurrentChannel]) {
        self.channels = channels
    }

    /// How many rows an event adds.
    var rowsOfEvent: Int { 1 + channels.count }

    /// Whether a subscription may ask how the load test went before.
    var usesHistory: Bool {
        SubscriptionRule.all.contains(where: \.needsHistory) && channels.contains { !$0.wantsEverything }
    }

    mutating func note(_ channel: Channel?, at id: ChannelID) {
        examined.insert(id)
        ready[id] = channel
    }
}

/// A channel that has not been removed.
struct CurrentChannel {
    let id: ChannelID
    let host: String?
    /// As it is stored.
    let subscription: String
    let state: ChannelState
    let generation: Int64
    let kind: String
    let version: Int64

    /// The most common subscription, which need not be parsed.
    var wantsEverything: Bool { subscription.sameBytes(as: Self.everything) }

    private static let everything = Subscription.everything.json.compactText
}

/// An event that is being accepted.
struct NewEvent {
    let id: EventID
    /// With its user's display name.
    var content: EventContent
    let payload: String
    /// One for each current channel.
    let addressees: [Addressee]
}
