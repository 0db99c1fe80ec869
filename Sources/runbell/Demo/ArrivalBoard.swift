import Notifications
import Synchronization

/// Prints every notification that the demo's receiver gets, and counts them.
final class ArrivalBoard: Sendable {
    private let total = Mutex(0)

    var count: Int { total.withLock { $0 } }

    func note(_ arrival: Arrival) {
        Console.say("    " + arrival.text)
        total.withLock { $0 += 1 }
    }

    /// Waits for this many notifications, or until the time is up.
    func wait(for count: Int, atMost time: Duration) async {
        let end = ContinuousClock.now + time
        while self.count < count, ContinuousClock.now < end {
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
        }
    }
}
