import Notifications
import Synchronization

/// The time that the service goes by: the wall clock, as long as nobody sets that. When somebody does, this clock goes on
/// as if nothing had happened until the database follows (`Repository.moveTimes`), so that a due time in a row and the
/// time it is compared with are always of one clock: nothing waits longer and nothing comes sooner because of it.
package final class ServiceClock: Sendable {
    private let wall: @Sendable () -> Timestamp
    private let steady: @Sendable () -> Duration
    /// What this clock reads when the steady one reads zero.
    private let epoch: Mutex<Timestamp>

    /// - Parameters:
    ///   - wall: what people call the time; it may be set at any moment.
    ///   - steady: the time since a fixed moment, by a clock that nobody sets.
    package init(wall: @escaping @Sendable () -> Timestamp, steady: @escaping @Sendable () -> Duration) {
        self.wall = wall
        self.steady = steady
        epoch = Mutex(wall() - steady())
    }

    package var now: Timestamp { epoch.withLock { $0 } + steady() }
    package var steadyNow: Duration { steady() }

    /// How far the wall clock is ahead of this one.
    package var drift: Duration { wall() - now }

    func follow(by delta: Duration) {
        epoch.withLock { $0 = $0 + delta }
    }
}
