import Notifications

/// A part of a replay that is looked at at once.
struct ReplayPiece {
    /// The replay's cursor at that time.
    let start: EventID
    let candidates: [Candidate]
    /// Up to where the events have been looked at; nil at the end of the span.
    let cursor: EventID?

    struct Candidate {
        let eventID: EventID
        /// The channel's delivery of it, and its state; nil when the channel never got the event.
        let delivery: (id: DeliveryID, state: String)?
        /// What the channel's subscription is asked about; nil when it was wanted before.
        let content: EventContent?

        var isUnreadable: Bool { if case .unreadable? = content { true } else { false } }
    }
}

extension Replay {
    var spacing: Duration { .seconds(60) / perMinute }

    /// What goes in ten seconds, within bounds: a transaction is to be short.
    var pieceSize: Int { min(50, max(1, perMinute / 6)) }
}
