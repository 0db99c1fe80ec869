import Notifications
import Synchronization

/// The two times that the service goes by. `now` is the wall clock's, as people read it: what happened is written with it.
/// `scheduled` counts on, whoever sets the wall clock: due times, leases and pauses are written and compared with it, so
/// nothing waits longer and nothing comes sooner because of that. A wall clock that is set changes how far the two are
/// apart, and no row's time.
package final class ServiceClock: Sendable {
    private let wall: @Sendable () -> Timestamp
    private let steady: @Sendable () -> Duration
    /// What `scheduled` reads when the steady clock reads zero.
    private let base: Timestamp
    /// How far `scheduled` is ahead of `now`.
    private let lead: Mutex<Duration>

    /// - Parameters:
    ///   - wall: what people call the time; it may be set at any moment.
    ///   - steady: the time since a fixed moment, by a clock that nobody sets and that a machine asleep does not stop.
    ///   - reading: what this clock is to go on from; nil for a clock that begins with the wall's time.
    package init(
        wall: @escaping @Sendable () -> Timestamp, steady: @escaping @Sendable () -> Duration,
        goingOnFrom reading: ClockReading? = nil, boot: String = ""
    ) {
        let (wallNow, steadyNow) = (wall(), steady())
        let scheduled = reading?.scheduled(atWall: wallNow, steady: steadyNow, boot: boot) ?? wallNow
        self.wall = wall
        self.steady = steady
        base = scheduled - steadyNow
        lead = Mutex(scheduled - wallNow)
    }

    package var now: Timestamp { scheduled - lead.withLock { $0 } }
    package var scheduled: Timestamp { base + steady() }
    package var steadyNow: Duration { steady() }

    /// How far the wall clock is ahead of `now`.
    package var drift: Duration { wall() - now }

    /// `now` goes with the wall clock, which was set by so much.
    func follow(by delta: Duration) {
        lead.withLock { $0 = $0 - delta }
    }

    func reading(in boot: String) -> ClockReading {
        ClockReading(boot: boot, base: base, lead: lead.withLock { $0 }, seen: scheduled)
    }
}

/// What is remembered of a service's clock, so that the next process goes on with it.
package struct ClockReading: Equatable, Sendable {
    /// Names the time since the machine was started; the steady clock begins anew with each.
    let boot: String
    /// What the clock read when the steady clock read zero.
    let base: Timestamp
    /// How far it was ahead of the wall clock.
    let lead: Duration
    /// What it read when it was last looked at.
    let seen: Timestamp

    /// Within one boot the clock counts on, whatever was done to the wall clock. After another start of the machine nobody
    /// knows how long it was off but the wall clock. Where that has been lost (a machine without a battery begins in 1970),
    /// what is due must not wait for decades: time never goes back.
    func scheduled(atWall wall: Timestamp, steady: Duration, boot: String) -> Timestamp {
        max(!boot.isEmpty && boot == self.boot ? base + steady : wall + lead, seen)
    }
}
