/// Where a delivery stands (docs/architecture.md has the drawing).
package enum DeliveryState: String, CaseIterable, Sendable {
    /// Waits for its due time, or for room.
    case due
    /// Somebody holds the lease and may have sent it.
    case claimed
    case delivered
    case failed
    /// Nothing was to be sent; the reason says why.
    case skipped
    /// The channel was removed before it could be sent.
    case cancelled
}

/// Why nothing was to be sent.
package enum SkipReason: String, Sendable {
    case notSubscribedEvent = "not_subscribed.event"
    case notSubscribedStatus = "not_subscribed.status"
    case notSubscribedProject = "not_subscribed.project"
    case channelDisabled = "channel_disabled"
    /// The channel was paused, and was resumed without what had come in before.
    case channelPaused = "channel_paused"
}
