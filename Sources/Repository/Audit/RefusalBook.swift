import Notifications
import Synchronization

/// Refusals not yet written to the audit log, and their number.
final class RefusalBook: Sendable {
    private struct State {
        var tallies = RefusalTallies()
        var uncounted = 0
    }

    private let state = Mutex(State())

    func note(_ refusal: RefusedAttempt, origin: AuditOrigin, at: Timestamp, mayWrite: Bool) -> Bool {
        state.withLock { state in
            state.uncounted += 1
            return state.tallies.note(refusal, origin: origin, at: at, mayWrite: mayWrite)
        }
    }

    /// Puts back a refusal that could not be written immediately.
    func putBack(_ refusal: RefusedAttempt, origin: AuditOrigin, at: Timestamp) {
        state.withLock { _ = $0.tallies.note(refusal, origin: origin, at: at, mayWrite: false) }
    }

    func putBack(_ tallies: [RefusalTally]) { state.withLock { $0.tallies.putBack(tallies) } }

    func ripe(at: Timestamp, isLast: Bool) -> [RefusalTally] {
        state.withLock { $0.tallies.ripe(at: at, isLast: isLast) }
    }

    /// The number of refusals since the last call.
    func takeCount() -> Int {
        state.withLock { state in
            defer { state.uncounted = 0 }
            return state.uncounted
        }
    }
}
