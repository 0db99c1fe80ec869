import CoreMetrics
import Logging
import Synchronization

/// Counts wrong keys and logs them: the first of each minute at once, with its address and how many came since the last
/// log line. The keys themselves are not logged: a wrong one may be nearly right.
final class WrongKeys: Sendable {
    private struct Minute {
        var ends: ContinuousClock.Instant?
        var unlogged = 0
    }

    private let minute = Mutex(Minute())
    private let counter = Counter(label: "runbell_wrong_keys_total")

    func note(from address: String, at now: ContinuousClock.Instant, _ logger: Logger) {
        counter.increment()
        guard let others = others(at: now) else { return }
        logger.notice(
            "Rejected an invalid key", metadata: ["from": "\(address)", "others_since_the_last_line": "\(others)"])
    }

    /// How many were not logged before this one, if this one should be logged; otherwise nil.
    func others(at now: ContinuousClock.Instant) -> Int? {
        minute.withLock { minute in
            if let ends = minute.ends, now < ends {
                minute.unlogged += 1
                return nil
            }
            defer { minute = Minute(ends: now + .seconds(60)) }
            return minute.unlogged
        }
    }
}
