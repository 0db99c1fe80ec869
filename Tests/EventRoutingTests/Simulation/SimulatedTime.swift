import Notifications
import Repository
import Synchronization

/// The two clocks of a simulated world. They stand still until the world moves them.
final class SimulatedTime: Sendable {
    private struct Hands {
        var steady = Duration.zero
        /// What the wall clock reads when the steady one reads zero.
        var epoch = Timestamp(seconds: 1_795_000_000)
    }

    private let hands = Mutex(Hands())

    var steady: Duration { hands.withLock { $0.steady } }

    func go(to time: Duration) {
        hands.withLock { $0.steady = max($0.steady, time) }
    }

    /// Somebody sets the wall clock.
    func setWall(by delta: Duration) {
        hands.withLock { $0.epoch = $0.epoch + delta }
    }

    func clock() -> ServiceClock {
        ServiceClock(
            wall: { self.hands.withLock { $0.epoch + $0.steady } }, steady: { self.steady })
    }
}
