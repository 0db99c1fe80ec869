import Notifications

/// The result of an attempt, as reported by the engine. A value that is passed on often, by reference.
package final class DeliveryResult: Sendable {
    package let delivery: ClaimedDelivery
    package let attempt: Attempt
    package let verdict: Verdict
    /// What the failure says about the receiver; nil if the message arrived.
    package let failure: ChannelHealth.Failure?
    package let outcome: Outcome
    /// How long the service had been running by then; before that it did not try the receiver.
    package let uptime: Duration
    /// The message of a run's start, to be kept, or that the one of `delivery.startedMessage` is gone.
    package let message: SentMessage

    /// - Parameter failure: nil if the message arrived.
    package init(
        delivery: ClaimedDelivery, attempt: Attempt, verdict: Verdict, failure: ChannelHealth.Failure?,
        outcome: Outcome, uptime: Duration, message: SentMessage = .unnamed
    ) {
        self.delivery = delivery
        self.attempt = attempt
        self.verdict = verdict
        self.failure = failure
        self.outcome = outcome
        self.uptime = uptime
        self.message = message
    }
}

/// The effects of writing a result.
package struct Recorded: Sendable {
    /// False if the lease had passed to somebody else: nothing was written.
    package let isOurs: Bool
    /// Queues that now have something due.
    package let due: [DueQueue]
}
