/// The state of a delivery (diagram in docs/architecture.md).
package enum DeliveryState: String, CaseIterable, Sendable {
    /// Waits for its due time, or for room under a limit.
    case due
    /// A process holds the lease and may have sent it.
    case claimed
    case delivered
    case failed
    /// Not sent on purpose; the reason says why.
    case skipped
    /// The channel was removed before it could be sent.
    case cancelled
}

/// Why a delivery was not sent.
package enum SkipReason: Equatable, Sendable {
    /// The subscription rule whose `reason` this is: `event`, `status`, `project`.
    case notSubscribed(String)
    case channelDisabled
    /// The channel was paused and then resumed without earlier events.
    case channelPaused

    private static let notSubscribed = "not_subscribed."

    /// The text in the API and the database.
    package var rawValue: String {
        switch self {
        case .notSubscribed(let rule): Self.notSubscribed + rule
        case .channelDisabled: "channel_disabled"
        case .channelPaused: "channel_paused"
        }
    }

    /// Nil for text that is not a reason to skip.
    package init?(rawValue: String) {
        switch rawValue {
        case Self.channelDisabled.rawValue: self = .channelDisabled
        case Self.channelPaused.rawValue: self = .channelPaused
        default:
            guard rawValue.startsWithBytes(of: Self.notSubscribed) else { return nil }
            self = .notSubscribed(
                String(decoding: rawValue.utf8.dropFirst(Self.notSubscribed.utf8.count), as: UTF8.self))
        }
    }
}
