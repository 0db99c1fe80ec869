import Notifications

/// What became of an event at its channels, for a page: the first outcomes, and how many there are of each state.
package struct OutcomeDigest: Sendable {
    /// What is not delivered comes first; channels that the event has no delivery for are last.
    package let first: [ChannelOutcome]
    /// By state; nil is for channels without a delivery.
    package let counts: [DeliveryState?: Int]

    /// - Parameter first: in the order of `OutcomeDigest.order`.
    package init(first: [ChannelOutcome], counts: [DeliveryState?: Int]) {
        self.first = first
        self.counts = counts
    }

    /// Without channels that the event has no delivery for.
    package var ofDeliveries: OutcomeDigest {
        OutcomeDigest(first: first.filter { $0.state != nil }, counts: counts.filter { $0.key != nil })
    }

    package static let order: [DeliveryState?] = [.failed, .cancelled, .due, .claimed, .delivered, .skipped, nil]
}
