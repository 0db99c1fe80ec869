import NIOCore
import Notifications

/// A cache of look-ups: addresses for their lifetime, failures for a short while. A stale answer never replaces a
/// failure.
struct KeptNames {
    typealias Outcome = Result<[IPAddress], any Error>

    private struct Kept {
        var outcome: Outcome
        var until: NIODeadline
        /// Consecutive failures.
        var failures = 0
        /// Whether it has ever resolved.
        var isKnown = false
    }

    private static let limit = 10_000
    private static let longestFailure = TimeAmount.seconds(60)

    private let lifetime: TimeAmount
    private let failureLifetime: TimeAmount
    private var names: [String: Kept] = [:]

    init(limits: OutboundLimits) {
        lifetime = TimeAmount(limits.nameLifetime)
        failureLifetime = TimeAmount(limits.nameFailureLifetime)
    }

    /// Nil if the name has to be looked up.
    func outcome(of name: String, at now: NIODeadline) -> Outcome? {
        guard let kept = names[name], kept.until > now else { return nil }
        return kept.outcome
    }

    func isKnown(_ name: String) -> Bool { names[name]?.isKnown ?? false }

    mutating func keep(_ outcome: Outcome, of name: String, at now: NIODeadline) {
        if names.count >= Self.limit, names[name] == nil { names.removeAll() }
        var kept = names[name] ?? Kept(outcome: outcome, until: now)
        kept.outcome = outcome
        if case .success(let addresses) = outcome, !addresses.isEmpty {
            (kept.failures, kept.isKnown, kept.until) = (0, true, now + lifetime)
        } else {
            kept.failures += 1
            kept.until = now + failurePause(kept.failures)
        }
        names[name] = kept
    }

    /// Doubles with each failure.
    private func failurePause(_ failures: Int) -> TimeAmount {
        min(failureLifetime * (1 << min(failures - 1, 10)), max(Self.longestFailure, failureLifetime))
    }
}
