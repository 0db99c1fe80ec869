import Notifications
import Synchronization

/// The service's two clocks. `now` is the wall clock, as people read it, and dates what happened. `scheduled` keeps
/// counting when somebody sets the wall clock. Due times, leases and pauses are written and compared with it, so
/// setting the wall clock neither delays nor hastens anything. It only changes the difference between the two clocks,
/// and no row's time.
///
/// Where nodes share a database, its clock is the only one: each node reads it now and then, and counts on from there.
package final class ServiceClock: Sendable {
    private struct Hands {
        /// What `scheduled` shows when the steady clock shows zero.
        var base: Timestamp
        /// How far `scheduled` is ahead of `now`.
        var lead: Duration
    }

    /// Nil if the clock follows the database's.
    private let wall: (@Sendable () -> Timestamp)?
    private let steady: @Sendable () -> Duration
    private let hands: Mutex<Hands>

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
        hands = Mutex(Hands(base: scheduled - steadyNow, lead: scheduled - wallNow))
    }

    /// Follows the database's clock, from which due times are `lead` ahead. It has to be `set` before it is right.
    init(ahead lead: Duration, steady: @escaping @Sendable () -> Duration) {
        wall = nil
        self.steady = steady
        hands = Mutex(Hands(base: Timestamp(microseconds: 0), lead: lead))
    }

    /// Reads the database's clock, through which this one counts on.
    package func set(by link: any NodeLink) async throws(RepositoryError) {
        let asked = steady()
        let time = try await link.time()
        let answered = steady()
        hands.withLock { $0.base = time + $0.lead - (asked + (answered - asked) / 2) }
    }

    package var now: Timestamp { hands.withLock { $0.base - $0.lead } + steady() }
    package var scheduled: Timestamp { hands.withLock { $0.base } + steady() }
    package var steadyNow: Duration { steady() }

    /// How far the wall clock is ahead of `now`.
    package var drift: Duration { wall.map { $0() - now } ?? .zero }

    /// Moves `now` after the wall clock was set by this much.
    func follow(by delta: Duration) {
        hands.withLock { $0.lead = $0.lead - delta }
    }

    func reading(in boot: String) -> ClockReading {
        let hands = hands.withLock { $0 }
        return ClockReading(boot: boot, base: hands.base, lead: hands.lead, seen: scheduled)
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
