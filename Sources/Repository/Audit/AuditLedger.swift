import Notifications
import Synchronization

/// What has changed in the audit logs since the last checkpoint, and what was found wrong with them. In memory: after a
/// start everything counts as changed.
final class AuditLedger: Sendable {
    private struct State {
        var buckets: [[UInt8]?] = Array(repeating: nil, count: AuditRoot.bucketCount)
        /// Buckets that changed since the last checkpoint was begun, and in the time before. A change may be in memory
        /// before it is in the database, so those of before are read once more.
        var changed: Set<Int> = []
        var changedBefore: Set<Int> = []
        var changes = 0
        var oldest: Timestamp?
    }

    private let state = Mutex(State())
    /// Told of what in an audit log is not what the service wrote.
    let report: @Sendable (String) -> Void

    init(report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    /// The bucket may have changed: said inside the body of a transaction, which may yet be undone or run again.
    func changed(bucket: Int, at: Timestamp) {
        state.withLock { state in
            state.changed.insert(bucket)
            state.changes += 1
            state.oldest = state.oldest ?? at
        }
    }

    /// How long something may have changed, and how much may have, before a checkpoint covers it.
    static let longestPause = Duration.seconds(60)
    static let mostChanges = 1000

    /// Due a little before the limits: looking and writing take time.
    func isDue(at now: Timestamp) -> Bool {
        state.withLock { state in
            guard let oldest = state.oldest else { return false }
            return state.changes >= Self.mostChanges / 2 || now >= oldest + .seconds(50) || now < oldest
        }
    }

    var hasChanges: Bool { state.withLock { $0.oldest != nil } }

    /// Begins a checkpoint: which buckets have to be read.
    func begin() -> [Int] {
        state.withLock { state in
            let unknown = state.buckets.indices.filter { state.buckets[$0] == nil }
            let wanted = state.changed.union(state.changedBefore).union(unknown)
            (state.changedBefore, state.changed) = (state.changed, [])
            (state.changes, state.oldest) = (0, nil)
            return wanted.sorted()
        }
    }

    /// It came to nothing; what was to be read still is.
    func failed(_ buckets: [Int], at: Timestamp) {
        state.withLock { state in
            state.changed.formUnion(buckets)
            state.oldest = state.oldest ?? at
        }
    }

    /// The root with these buckets as they were read.
    func root(with read: [Int: [UInt8]]) -> String {
        state.withLock { state in
            for (bucket, hash) in read { state.buckets[bucket] = hash }
            return AuditRoot.root(of: state.buckets.map { $0 ?? [] })
        }
    }
}
