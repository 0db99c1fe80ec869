import Synchronization

/// How many log lines a minute requests may cause.
package final class LineBudget: Sendable {
    private let perMinute: Int
    private let spent = Mutex<(lines: Int, end: ContinuousClock.Instant?)>((0, nil))

    package init(perMinute: Int) {
        self.perMinute = perMinute
    }

    /// Whether another line may be written.
    package func take(at now: ContinuousClock.Instant) -> Bool {
        spent.withLock { spent in
            if spent.end.map({ now >= $0 }) ?? true { spent = (0, now + .seconds(60)) }
            spent.lines += 1
            return spent.lines <= perMinute
        }
    }
}
