import Crypto
import Notifications
import Synchronization

/// Caches the owners of keys for a short time, by the keys' hashes, so that a stream of events does not query the
/// database for every key.
///
/// This is for authentication only. Inside the transaction of each call, the repository checks again that the key still
/// exists and what its owner may do now: a removed key stops working immediately, cached or not.
final class PrincipalCache: Sendable {
    private struct Entry {
        let principal: Principal
        let end: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(30)
    private static let mostEntries = 10_000

    private let entries = Mutex<[SHA256Digest: Entry]>([:])

    func principal(for hash: SHA256Digest, at now: ContinuousClock.Instant) -> Principal? {
        entries.withLock { entries in
            entries[hash].flatMap { now < $0.end ? $0.principal : nil }
        }
    }

    func remember(_ principal: Principal, for hash: SHA256Digest, at now: ContinuousClock.Instant) {
        entries.withLock { entries in
            if entries.count >= Self.mostEntries { entries.removeAll() }
            entries[hash] = Entry(principal: principal, end: now + Self.lifetime)
        }
    }

    func forget(_ hash: SHA256Digest) {
        entries.withLock { $0[hash] = nil }
    }
}
