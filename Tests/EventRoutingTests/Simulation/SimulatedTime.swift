import Notifications
import Repository
import Synchronization

/// The two clocks of a simulated world. They advance only when the world advances them.
final class SimulatedTime: Sendable {
    private struct Hands {
        var steady = Duration.zero
        /// What the wall clock reads when the steady clock reads zero.
        var epoch = Timestamp(seconds: 1_795_000_000)
    }

    private let hands = Mutex(Hands())
    private let ofProcess = Mutex<ServiceClock?>(nil)

    var steady: Duration { hands.withLock { $0.steady } }

    func go(to time: Duration) {
        hands.withLock { $0.steady = max($0.steady, time) }
    }

    /// Sets the wall clock.
    func setWall(by delta: Duration) {
        hands.withLock { $0.epoch = $0.epoch + delta }
    }

    var wall: Timestamp { hands.withLock { $0.epoch + $0.steady } }

    /// A service clock without any saved state.
    func clock() -> ServiceClock {
        ServiceClock(wall: { self.wall }, steady: { self.steady })
    }

    /// The clock of the running process, or of the last one.
    var current: ServiceClock? {
        get { ofProcess.withLock { $0 } }
        set { ofProcess.withLock { $0 = newValue } }
    }
}
