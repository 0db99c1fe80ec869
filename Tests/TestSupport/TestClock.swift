import Foundation
import Notifications
import Repository
import Synchronization

/// A clock that a test moves. Otherwise it stands still, or runs if the test asks for that.
package final class TestClock: Sendable {
    private let start = Timestamp(seconds: 1_795_000_000)
    private let runsSince: ContinuousClock.Instant?
    private let skipped = Mutex(Duration.zero)

    package init(isRunning: Bool = false) {
        runsSince = isRunning ? .now : nil
    }

    package var elapsed: Duration {
        skipped.withLock { $0 } + (runsSince.map { ContinuousClock.now - $0 } ?? .zero)
    }

    package var now: Timestamp { start + elapsed }

    package func advance(by duration: Duration) {
        skipped.withLock { $0 += duration }
    }

    /// A service clock that uses this one as both its wall clock and its steady clock.
    package func serviceClock() -> ServiceClock {
        ServiceClock(wall: { self.now }, steady: { self.elapsed })
    }

    /// The time of day where no test moves it.
    package static let wall: @Sendable () -> Timestamp = {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}
