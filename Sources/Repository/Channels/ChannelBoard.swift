import Notifications

/// Which channels of an organization a list shows.
package struct ChannelSearch: Equatable, Sendable {
    /// Part of the name or of the kind's name, in any case, or the beginning of the id; empty for all.
    package var text: String
    /// Nil for all.
    package var condition: ChannelCondition?
    /// How many matching channels come before the first one shown.
    package var offset: Int
    package var limit: Int

    package init(text: String = "", condition: ChannelCondition? = nil, offset: Int = 0, limit: Int = 25) {
        self.text = text
        self.condition = condition
        self.offset = offset
        self.limit = limit
    }
}

/// What a person wants to know of a channel first: whether it works.
package enum ChannelCondition: String, CaseIterable, Sendable {
    /// It is to be sent to, and the last attempt failed.
    case failing
    case enabled, paused, disabled

    /// The condition of a channel in that state.
    package init(_ state: ChannelState, _ health: ReceiverHealth?) {
        switch state {
        case .enabled: self = health?.failingSince == nil ? .enabled : .failing
        case .paused: self = .paused
        case .disabled, .removed: self = .disabled
        }
    }
}

/// A channel in the list of all, without its settings: decrypted are only channels that look the same, and those whose
/// recipients are asked.
package struct ChannelBoardLine: Sendable {
    package let id: ChannelID
    package let name: String
    /// The kind's id and name.
    package let kind: String
    package let kindName: String
    package let state: ChannelState
    package let disabledReason: String?
    package let subscription: Subscription
    package let health: ReceiverHealth?
    /// Its removal is planned.
    package let isLeaving: Bool
    /// If another channel has the same kind and name.
    package var address: ShownAddress?
    /// Whether recipients have yet to confirm that they want its notifications.
    package var awaitsRecipients = false

    package var condition: ChannelCondition { ChannelCondition(state, health) }
}

/// The list of all channels, oldest first.
package struct ChannelBoard: Sendable {
    /// The part that was asked for.
    package let lines: [ChannelBoardLine]
    /// How many channels match, and how many there are.
    package let matching: Int
    package let total: Int
    /// How many are in each condition.
    package let counts: [ChannelCondition: Int]
    /// How many the service has disabled by itself.
    package let disabledByItself: Int
    /// How many are of each kind, without those that are being removed.
    package let ofKind: [String: Int]
    /// The oldest channel of each kind that was asked for, with its settings, decrypted and unmasked.
    package let first: [Channel]
}
