import Notifications
import Synchronization

/// What has changed in the audit logs since the last checkpoint, and the problems found. Kept in memory: after a start
/// everything counts as changed.
final class AuditLedger: Sendable {
    private struct State {
        var buckets: [[UInt8]?] = Array(repeating: nil, count: AuditRoot.bucketCount)
        /// Buckets changed since the last checkpoint looked, with the number of their last change, and those changed
        /// before. Memory may learn of a change before the database has it, so the earlier ones are read once more.
        var changed: [Int: Int] = [:]
        var changedBefore: Set<Int> = []
        /// All so far, and how many of them need not be waited for any longer.
        var changes = 0
        var changesMet = 0
        /// Nil if there is nothing to look for.
        var oldest: Timestamp?
    }

    /// What a checkpoint has to read, as of one moment.
    struct Look: Sendable {
        let buckets: [Int]
        fileprivate let changes: Int
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
            state.changes += 1
            state.changed[bucket] = state.changes
            state.oldest = state.oldest ?? at
        }
    }

    /// A checkpoint must cover changes after this much time or this many changes, whichever comes first.
    static let longestPause = Duration.seconds(60)
    static let mostChanges = 1000

    func isDue(at now: Timestamp) -> Bool {
        state.withLock { state in
            state.oldest.map { Self.isDue(after: state.changes - state.changesMet, since: $0, at: now) } ?? false
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
            (state.oldest, state.changesMet) = (state.changes == state.changesMet ? nil : at, state.changes)
        }
    }

    /// What has to be read. To be asked when the snapshot that will be read has been taken: then whatever is in it was
    /// marked before, and the number of entries in it fits the root.
    ///
    /// - Parameter all: somebody else may have changed any bucket.
    func look(all: Bool = false) -> Look {
        state.withLock { state in
            let unknown = state.buckets.indices.filter { all || state.buckets[$0] == nil }
            let wanted = state.changedBefore.union(state.changed.keys).union(unknown)
            return Look(buckets: wanted.sorted(), changes: state.changes)
        }
    }

    /// A checkpoint covers what the look saw. What was about to change then is looked for once more.
    func covered(_ look: Look, at: Timestamp) {
        state.withLock { state in
            state.changedBefore = Set(state.changed.filter { $0.value <= look.changes }.keys)
            state.changed = state.changed.filter { $0.value > look.changes }
            state.changesMet = look.changes
            state.oldest = state.changedBefore.isEmpty && state.changed.isEmpty ? nil : at
        }
    }

    /// The checkpoint failed: the next one is as far away as after one that did not.
    func failed(at: Timestamp) {
        state.withLock { state in (state.oldest, state.changesMet) = (at, state.changes) }
    }

    /// The root, given the heads just read for these buckets.
    func root(with read: [Int: [UInt8]]) -> String {
        state.withLock { state in
            for (bucket, hash) in read { state.buckets[bucket] = hash }
            return AuditRoot.root(of: state.buckets.map { $0 ?? [] })
        }
    }
}
