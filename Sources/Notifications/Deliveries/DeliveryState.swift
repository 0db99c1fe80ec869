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
    /// The channel's kind has nothing to say about the event.
    case declined(Decline)
    case channelDisabled
    /// The channel was paused and then resumed without earlier events.
    case channelPaused

    private static let notSubscribed = "not_subscribed."
    private static let declined = "nothing_to_say."

    /// The text in the API and the database.
    package var rawValue: String {
        switch self {
        case .notSubscribed(let rule): Self.notSubscribed + rule
        case .declined(let decline): Self.declined + decline.rawValue
        case .channelDisabled: "channel_disabled"
        case .channelPaused: "channel_paused"
        }
    }

    /// Nil for text that is not a reason to skip.
    package init?(rawValue: String) {
        switch rawValue {
        case Self.channelDisabled.rawValue: self = .channelDisabled
        case Self.channelPaused.rawValue: self = .channelPaused
        case let text where text.startsWithBytes(of: Self.declined):
            guard let decline = Decline(word: text.utf8.dropFirst(Self.declined.utf8.count).text) else { return nil }
            self = .declined(decline)
        default:
            guard rawValue.startsWithBytes(of: Self.notSubscribed) else { return nil }
            self = .notSubscribed(
                rawValue.utf8.dropFirst(Self.notSubscribed.utf8.count).text)
        }
    }
}

extension Sequence<UInt8> {
    fileprivate var text: String { String(decoding: Array(self), as: UTF8.self) }
}
