import Notifications
import Synchronization

/// The service's two clocks. `now` is the wall clock, as people read it, and dates what happened. `scheduled` keeps
/// counting when somebody sets the wall clock. Due times, leases and pauses are written and compared with it, so
/// setting the wall clock neither delays nor hastens anything. It only changes the difference between the two clocks,
/// and no row's time.
package final class ServiceClock: Sendable {
    private let wall: @Sendable () -> Timestamp
    private let steady: @Sendable () -> Duration
    /// What `scheduled` shows when the steady clock shows zero.
    private let base: Timestamp
    /// How far `scheduled` is ahead of `now`.
    private let lead: Mutex<Duration>

    /// - Parameters:
    ///   - wall: the wall clock, which may be set at any moment.
    ///   - steady: the time since a fixed moment, by a clock that nobody sets and that keeps running during sleep.
    ///   - reading: where this clock continues from; nil to begin with the wall clock's time.
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

    /// Moves `now` after the wall clock was set by this much.
    func follow(by delta: Duration) {
        lead.withLock { $0 = $0 - delta }
    }

    func reading(in boot: String) -> ClockReading {
        ClockReading(boot: boot, base: base, lead: lead.withLock { $0 }, seen: scheduled)
    }
}

/// The saved state of a service's clock, from which the next process continues.
package struct ClockReading: Equatable, Sendable {
    /// Identifies a boot of the machine; the steady clock restarts with each.
    let boot: String
    /// What the clock showed when the steady clock showed zero.
    let base: Timestamp
    /// How far it was ahead of the wall clock.
    let lead: Duration
    /// What it showed when it was last saved.
    let seen: Timestamp

    /// Within one boot the clock keeps counting, whatever happens to the wall clock. After a reboot only the wall clock
    /// knows how long the machine was off. If that has been lost (a machine without a battery starts in 1970), due
    /// deliveries must not wait for decades: time never goes back.
    func scheduled(atWall wall: Timestamp, steady: Duration, boot: String) -> Timestamp {
        max(!boot.isEmpty && boot == self.boot ? base + steady : wall + lead, seen)
    }
}
