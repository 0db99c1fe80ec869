import Notifications

/// A part of a replay that is processed at once.
struct ReplayPiece {
    /// The replay's cursor when the piece was read.
    let start: EventID
    let candidates: [Candidate]
    /// The last event examined; nil at the end of the span.
    let cursor: EventID?

    struct Candidate {
        let eventID: EventID
        /// The channel's delivery of the event, and its state; nil if the channel never got the event.
        let delivery: (id: DeliveryID, state: String)?
        /// The event to check against the channel's subscription; nil if it was wanted before.
        let content: EventContent?

        var isUnreadable: Bool { if case .unreadable? = content { true } else { false } }
    }
}

extension Replay {
    var spacing: Duration { .seconds(60) / perMinute }

    /// What may be sent in ten seconds, within bounds that keep the transaction short.
    var pieceSize: Int { min(50, max(1, perMinute / 6)) }
}
