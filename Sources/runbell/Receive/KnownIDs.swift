import Notifications
import Synchronization

/// What a receiver has received, to recognize a repeated attempt.
final class KnownIDs: Sendable {
    private let seen = Mutex<Set<ForeignText>>([])

    /// Remembers the id; true if it was known. Forgets all of them before there are too many: receivers are for looking,
    /// not for keeping.
    func isKnown(_ id: String) -> Bool {
        seen.withLock { seen in
            if seen.count >= 100_000 { seen.removeAll() }
            return !seen.insert(ForeignText(id)).inserted
        }
    }
}
