import Notifications
import Synchronization

/// The refusals that have not been written to the audit log yet, and how many there were.
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

    /// One that was to be written at once and could not be.
    func putBack(_ refusal: RefusedAttempt, origin: AuditOrigin, at: Timestamp) {
        state.withLock { _ = $0.tallies.note(refusal, origin: origin, at: at, mayWrite: false) }
    }

    func putBack(_ tallies: [RefusalTally]) { state.withLock { $0.tallies.putBack(tallies) } }

    func ripe(at: Timestamp, isLast: Bool) -> [RefusalTally] {
        state.withLock { $0.tallies.ripe(at: at, isLast: isLast) }
    }

    /// How many there were since this was asked last.
    func takeCount() -> Int {
        state.withLock { state in
            defer { state.uncounted = 0 }
            return state.uncounted
        }
    }
}
