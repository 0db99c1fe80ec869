import Notifications

/// A delivery of an event that is being accepted.
struct NewDelivery {
    let id: DeliveryID
    let addressee: Addressee
    /// Set if it is claimed at once: its first attempt, under its first token.
    var claim: ClaimedDelivery?
    var lease: (owner: String, until: Timestamp)?

    var state: DeliveryState {
        if claim != nil { return .claimed }
        return addressee.reasonToSkip == nil ? .due : .skipped
    }
}

/// A channel as it was when the event was accepted.
struct Addressee {
    let channel: ChannelID
    let host: String?
    let reasonToSkip: SkipReason?
    /// The channel's generation, which its due delivery also gets.
    let generation: Int64
    /// The channel's newest version.
    let version: Int64
    /// Whether the channel is enabled and wants the event.
    let isSentNow: Bool
}
