/// Decides what an attempt's verdict changes, without changing it.
package struct Outcome: Equatable, Sendable {
    /// `delivered`, `due` or `failed`.
    package let state: DeliveryState
    /// How long to wait before the next attempt; nil unless the state is `due`.
    package let delay: Duration?
    /// The code of what the attempt found, prefixed with `attempts_exhausted:` after the last attempt
    /// (`attempts_exhausted:http.503`). Nil if delivered.
    package let reason: String?
    /// Why to disable the channel; nil to leave it as it is.
    package let disablesChannel: Finding?
    /// False if nothing was sent because of a local fault: then the attempt does not count.
    package let isAttempt: Bool

    /// - Parameters:
    ///   - attempt: Counts from 1.
    ///   - random: From 0 to below 1; spreads the next attempt.
    ///
    /// A wait that the receiver asked for counts up to `RetryAfter.limit` and never shortens the schedule's own.
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

    /// The prefix of the last attempt's code when no attempts are left.
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
