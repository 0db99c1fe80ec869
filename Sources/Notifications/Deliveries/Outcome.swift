/// What an attempt's verdict changes: a decision, without doing anything.
package struct Outcome: Equatable, Sendable {
    /// `delivered`, `due` or `failed`.
    package let state: DeliveryState
    /// How long to wait for the next attempt; nil unless the state is `due`.
    package let delay: Duration?
    /// The code of what the attempt found; behind `attempts_exhausted:` when it was the last one
    /// (`attempts_exhausted:http.503`). Nil when delivered.
    package let reason: String?
    /// Why the channel is to be disabled; nil when it stays as it is.
    package let disablesChannel: Finding?
    /// False when nothing was sent because of this side: the attempt did not take place.
    package let isAttempt: Bool

    /// `attempt` counts from 1, `random` is from 0 to below 1. A wait that the receiver asked for counts up to
    /// `RetryAfter.limit`, and never shortens the schedule's own.
    package init(
        of verdict: Verdict, attempt: Int, random: Double, schedule: RetrySchedule = .standard
    ) {
        switch verdict {
        case .delivered: self.init(.delivered)
        case .refused(let finding): self.init(.failed, reason: finding.code)
        case .gone(let finding): self.init(.failed, reason: finding.code, disablesChannel: finding)
        case .postponed(let finding, let pause):
            self.init(.due, delay: RetrySchedule.spread(pause, random: random), reason: finding.code, isAttempt: false)
        case .retry(let finding, let after):
            guard let delay = schedule.delay(afterAttempt: attempt, random: random) else {
                self.init(.failed, reason: Self.exhausted + finding.code)
                return
            }
            let asked = min(after ?? .zero, RetryAfter.limit)
            self.init(.due, delay: max(delay, asked), reason: finding.code)
        }
    }

    /// Stands before the last attempt's code when no attempt is left.
    package static let exhausted = "attempts_exhausted:"

    private init(
        _ state: DeliveryState, delay: Duration? = nil, reason: String? = nil, disablesChannel: Finding? = nil,
        isAttempt: Bool = true
    ) {
        self.state = state
        self.delay = delay
        self.reason = reason
        self.disablesChannel = disablesChannel
        self.isAttempt = isAttempt
    }
}
