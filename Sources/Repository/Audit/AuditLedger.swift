import Notifications
import Synchronization

/// What has changed in the audit logs since the last checkpoint, and the problems found. Kept in memory: after a start
/// everything counts as changed.
final class AuditLedger: Sendable {
    private struct State {
        var buckets: [[UInt8]?] = Array(repeating: nil, count: AuditRoot.bucketCount)
        /// Buckets changed since the last checkpoint began, and those changed before. Memory may learn of a change
        /// before the database has it, so the earlier ones are read once more.
        var changed: Set<Int> = []
        var changedBefore: Set<Int> = []
        var changes = 0
        /// Nil if there is nothing to look for.
        var oldest: Timestamp?
    }

    private let state = Mutex(State())
    /// Called when an audit log is not what the service wrote.
    let report: @Sendable (String) -> Void

    init(report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    /// Marks a bucket as possibly changed. Called inside a transaction, which may still be rolled back or run again.
    func changed(bucket: Int, at: Timestamp) {
        state.withLock { state in
            state.changed.insert(bucket)
            state.changes += 1
            state.oldest = state.oldest ?? at
        }
    }

    /// A checkpoint must cover changes after this much time or this many changes, whichever comes first.
    static let longestPause = Duration.seconds(60)
    static let mostChanges = 1000

    func isDue(at now: Timestamp) -> Bool {
        state.withLock { state in
            state.oldest.map { Self.isDue(after: state.changes, since: $0, at: now) } ?? false
        }
    }

    /// Due a little before the limits, because reading and writing take time.
    ///
    /// - Parameter oldest: when the oldest change was made, or before that; nil if long ago.
    static func isDue(after changes: Int, since oldest: Timestamp?, at now: Timestamp) -> Bool {
        guard let oldest else { return true }
        return changes >= mostChanges / 2 || now >= oldest + .seconds(50) || now < oldest
    }

    /// The database has no entry that the newest checkpoint does not cover. What was marked since the last look may still
    /// be on its way there, or was rolled back: one more look tells.
    func everythingIsSigned(at: Timestamp) {
        state.withLock { state in
            (state.oldest, state.changes) = (state.changes == 0 ? nil : at, 0)
        }
    }

    /// Begins a checkpoint: the buckets to read. What was about to change when they are read is looked for once more.
    ///
    /// - Parameter all: somebody else may have changed any of them.
    func begin(all: Bool = false, at: Timestamp) -> [Int] {
        state.withLock { state in
            let unknown = state.buckets.indices.filter { all || state.buckets[$0] == nil }
            let wanted = state.changed.union(state.changedBefore).union(unknown)
            (state.changedBefore, state.changed) = (state.changed, [])
            (state.changes, state.oldest) = (0, state.changedBefore.isEmpty ? nil : at)
            return wanted.sorted()
        }
    }

    /// The checkpoint failed: its buckets must be read again.
    func failed(_ buckets: [Int], at: Timestamp) {
        state.withLock { state in
            state.changed.formUnion(buckets)
            state.oldest = state.oldest ?? at
        }
    }

    /// The root, given the heads just read for these buckets.
    func root(with read: [Int: [UInt8]]) -> String {
        state.withLock { state in
            for (bucket, hash) in read { state.buckets[bucket] = hash }
            return AuditRoot.root(of: state.buckets.map { $0 ?? [] })
        }
    }
}
