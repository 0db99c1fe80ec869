/// How long an organization's reads have run lately, and when they may continue: a leaky bucket. In the long run they
/// get a quarter of one processor's time. Times are passed in.
struct ReadingShare {
    typealias Instant = ContinuousClock.Instant

    /// They rest this many times as long as they work.
    static let rest = 3
    /// How much work may run without a wait after a rest: a page, or a few long lists.
    static let burst = Duration.milliseconds(250)
    /// Debt beyond this is dropped, so one slow read does not block its organization for long.
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

    /// How long the next step has to wait; nil if it may start now.
    mutating func pause(at now: Instant) -> Duration? {
        leak(at: now)
        return owed > Self.burst ? (owed - Self.burst) * (Self.rest + 1) : nil
    }

    /// Whether it equals a new one, and can be forgotten.
    func isFresh(at now: Instant) -> Bool {
        owed <= (now - at) / (Self.rest + 1)
    }

    private mutating func leak(at now: Instant) {
        owed = max(.zero, owed - (now - at) / (Self.rest + 1))
        at = max(at, now)
    }
}
