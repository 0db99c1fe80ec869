import Notifications

/// What came of an attempt, as the engine tells it.
package struct DeliveryResult: Sendable {
    package let delivery: ClaimedDelivery
    package let attempt: Attempt
    package let verdict: Verdict
    /// What the failure says of the receiver; nil when it arrived.
    package let failure: ChannelHealth.Failure?
    package let outcome: Outcome
    /// For how long the service had been running by then: the receiver was not tried before.
    package let uptime: Duration

    /// - Parameter failure: nil when the message arrived.
    package init(
        delivery: ClaimedDelivery, attempt: Attempt, verdict: Verdict, failure: ChannelHealth.Failure?,
        outcome: Outcome, uptime: Duration
    ) {
        self.delivery = delivery
        self.attempt = attempt
        self.verdict = verdict
        self.failure = failure
        self.outcome = outcome
        self.uptime = uptime
    }
}

/// What writing a result gave.
package struct Recorded: Sendable {
    /// False when somebody else had the lease by then: nothing was written.
    package let isOurs: Bool
    /// ChannelQueues that have something due by it.
    package let due: [DueQueue]
}
