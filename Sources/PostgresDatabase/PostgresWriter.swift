import Dispatch
import Repository
import Synchronization

/// The only writer of this process. As on SQLite, it takes the waiting bodies, runs each in its own savepoint, commits once,
/// and then answers them all: a turn and a durable commit cost the same for one body as for many.
final class PostgresWriter: Sendable {
    private static let mostRuns = 5

    private let line: PostgresLine
    private let queue = Mutex(WaitingWrites())
    private let uncertain = Atomic(0)

    init(_ source: SessionSource) {
        line = PostgresLine(source, name: "runbell.writer", priority: .userInitiated)
    }

    func submit<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
            enqueue(Write(in: scope, body: body, continuation: continuation))
        }
        return try result.get()
    }

    /// How often nobody could say whether a commit had succeeded.
    var uncertainCommits: Int { uncertain.load(ordering: .relaxed) }

    /// Nothing may be waiting.
    func close() { line.close() }

    private func enqueue(_ write: any PendingWrite) {
        guard queue.withLock({ $0.add(write) }) else { return }
        line.async {
            while self.queue.withLock({ $0.hasMore() }) { self.commitGroup() }
        }
    }

    /// Runs the bodies of one transaction and answers them.
    private func commitGroup() {
        let group = WriteGroup { [self] count in queue.withLock { $0.take(count) } }
        let failure: PostgresFault?
        do throws(PostgresFault) {
            try commit(group)
            failure = nil
        } catch {
            failure = error
        }
        group.answer(failure: failure?.ofWrite)
    }

    /// Runs the group's bodies, and again if the transaction was lost through no fault of theirs.
    private func commit(_ group: WriteGroup) throws(PostgresFault) {
        for _ in 1..<Self.mostRuns {
            do throws(PostgresFault) {
                if try commitOnce(group) { return }
            } catch {
                guard error.endsTransaction, error.meaning != .locked else { throw error }
            }
        }
        guard try commitOnce(group) else {
            throw PostgresFault(meaning: .conflict, message: "a transaction was lost again and again")
        }
    }

    /// False if the transaction was lost while it committed, and the server says that it was rolled back.
    private func commitOnce(_ group: WriteGroup) throws(PostgresFault) -> Bool {
        let uncertain = try line.use { session throws(PostgresFault) in try group.run(on: session) }
        guard let uncertain else { return true }
        do throws(PostgresFault) {
            return try CommitInquiry(transaction: uncertain, line: line).isCommitted()
        } catch {
            self.uncertain.add(1, ordering: .relaxed)
            throw error
        }
    }
}
