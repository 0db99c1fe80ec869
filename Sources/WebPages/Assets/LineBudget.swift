import Synchronization

/// How many lines of the log somebody without a key may cause in a minute.
final class LineBudget: Sendable {
    private let perMinute: Int
    private let spent = Mutex<(lines: Int, end: ContinuousClock.Instant?)>((0, nil))

    init(perMinute: Int) {
        self.perMinute = perMinute
    }

    /// Whether one more may be written.
    func take(at now: ContinuousClock.Instant) -> Bool {
        spent.withLock { spent in
            if spent.end.map({ now >= $0 }) ?? true { spent = (0, now + .seconds(60)) }
            spent.lines += 1
            return spent.lines <= perMinute
        }
    }
}
