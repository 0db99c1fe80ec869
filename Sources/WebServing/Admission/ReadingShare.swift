/// How long an organization's reads have worked of late, and when they may go on: a bucket that leaks at a steady rate. In
/// the long run they have a quarter of one processor's time. Times come from outside.
struct ReadingShare {
    typealias Instant = ContinuousClock.Instant

    /// They rest so many times as long as they work.
    static let rest = 3
    /// Work after a rest that nobody has to wait for: a page, or a few long lists.
    static let burst = Duration.milliseconds(250)
    /// More than that is not held against anybody: who was slow once is not kept waiting for long.
    static let most = Duration.seconds(1)

    private var owed = Duration.zero
    private var at: Instant

    init(at now: Instant) {
        at = now
    }

    mutating func worked(_ work: Duration, at now: Instant) {
        leak(at: now)
        owed = min(Self.most, owed + work)
    }

    /// How long the next piece of work has to wait; nil when it may begin.
    mutating func pause(at now: Instant) -> Duration? {
        leak(at: now)
        return owed > Self.burst ? (owed - Self.burst) * (Self.rest + 1) : nil
    }

    /// Whether it is as a new one would be, and need not be remembered.
    func isFresh(at now: Instant) -> Bool {
        owed <= (now - at) / (Self.rest + 1)
    }

    private mutating func leak(at now: Instant) {
        owed = max(.zero, owed - (now - at) / (Self.rest + 1))
        at = max(at, now)
    }
}
