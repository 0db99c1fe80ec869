/// When to retry a delivery: 12 attempts over about 73 hours.
package struct RetrySchedule: Equatable, Sendable {
    /// The nominal wait after the first attempt, the second, and so on.
    package let steps: [Duration]

    package init(steps: [Duration]) {
        self.steps = steps
    }

    /// 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 3 h, 6 h, 12 h, 18 h, 32 h: quick at first for a receiver that restarts,
    /// and long enough to survive a weekend.
    package static let standard = RetrySchedule(
        steps: [5, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 18 * 3600, 32 * 3600].map { .seconds($0) })

    package var attempts: Int { steps.count + 1 }

    /// The wait after an attempt (counted from 1), between half and one and a half of the step, so that deliveries that
    /// failed together are not all retried together; nil if no attempt is left. `random` is from 0 to below 1.
    package func delay(afterAttempt number: Int, random: Double) -> Duration? {
        guard steps.indices.contains(number - 1) else { return nil }
        return Self.spread(steps[number - 1], random: random)
    }

    /// Between half and one and a half of a wait.
    static func spread(_ wait: Duration, random: Double) -> Duration {
        .microseconds(Int64(Double(wait.microseconds) * (0.5 + random)))
    }
}
