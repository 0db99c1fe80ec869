import Notifications

/// What one transaction that accepts events of an organization has to know of it: looked up once for all of them.
struct EventAudience {
    /// Whether there is such an organization.
    var isThere = false
    private(set) var channels: [CurrentChannel] = []
    /// The organization's newest event.
    var sequence: Int64 = 0
    /// The text of the organization's run link template.
    var link: String?
    /// The display names of the events' users, if they have one.
    var userNames: [UserID: String] = [:]
    /// The results of events with the same idempotency keys, and the hashes of their payloads.
    var earlier: [String: (hash: [UInt8], acceptance: Acceptance)] = [:]
    /// Those among the examined ones that may be sent to at once.
    private(set) var ready: [ChannelID: Channel] = [:]
    private(set) var examined: Set<ChannelID> = []
    let readiness: Readiness

    init(readiness: Readiness) { self.readiness = readiness }

    mutating func add(_ channel: CurrentChannel) { channels.append(channel) }

    /// How many rows an event adds.
    var rowsOfEvent: Int { 1 + channels.count }

    /// Whether a subscription may ask how the load test went before.
    var usesHistory: Bool {
        SubscriptionRule.all.contains(where: \.needsHistory) && channels.contains { !$0.wantsEverything }
    }

    /// Further events come after these, and with their keys get their results.
    mutating func note(_ accepted: [(Posting, Acceptance)]) {
        sequence += Int64(accepted.count)
        for (posting, acceptance) in accepted {
            if posting.content.type == .testStarted, let run = posting.content.run?.id { readiness.forget(run) }
            guard let key = posting.idempotencyKey else { continue }
            earlier[key] = (posting.event.hash, acceptance.repeated)
        }
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
    let userName: String?
    /// One for each current channel.
    let addressees: [Addressee]
}
