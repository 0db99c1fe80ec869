import GRDB
import GRDBSQLite
import Notifications
import Repository
import Synchronization

/// The one writer. It takes what waits, runs each body in a savepoint of its own, commits once, and then answers all:
/// a durable commit costs the same for one as for many.
final class GroupCommit: Sendable {
    /// At most this many bodies share a commit, so that none waits long for the others.
    private static let largestGroup = 128

    private struct Queue {
        var waiting: [any PendingWrite] = []
        var isDraining = false
    }

    private let writer: any DatabaseWriter
    private let onBrokenStorage: @Sendable (String) -> Void
    private let queue = Mutex(Queue())

    init(writer: any DatabaseWriter, onBrokenStorage: @escaping @Sendable (String) -> Void) {
        self.writer = writer
        self.onBrokenStorage = onBrokenStorage
    }

    func submit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
            enqueue(Write(body: body, continuation: continuation))
        }
        return try result.get()
    }

    private func enqueue(_ write: any PendingWrite) {
        let mustStart = queue.withLock { queue in
            queue.waiting.append(write)
            defer { queue.isDraining = true }
            return !queue.isDraining
        }
        guard mustStart else { return }
        writer.asyncWriteWithoutTransaction { database in
            while let group = self.nextGroup() { self.commit(group, on: database) }
        }
    }

    /// Nil, and the writer rests, when nothing waits.
    private func nextGroup() -> [any PendingWrite]? {
        queue.withLock { queue in
            let group = Array(queue.waiting.prefix(Self.largestGroup))
            queue.waiting.removeFirst(group.count)
            queue.isDraining = !group.isEmpty
            return group.isEmpty ? nil : group
        }
    }

    private func commit(_ group: [any PendingWrite], on database: Database) {
        do {
            try database.execute(sql: "BEGIN IMMEDIATE")
            for write in group { try run(write, on: database) }
            try database.execute(sql: "COMMIT")
            for write in group { write.finish(failure: nil) }
        } catch {
            if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
            let failure = RepositoryError(sqlite: error)
            if let code = (error as? DatabaseError)?.resultCode, Self.meansBrokenStorage(code) {
                onBrokenStorage("\(failure)")
            }
            for write in group { write.finish(failure: failure) }
        }
    }

    /// Throws only when the whole transaction is lost; the error of a body stays with that body.
    private func run(_ write: any PendingWrite, on database: Database) throws {
        let connection = SQLiteConnection(database)
        try connection.execute("SAVEPOINT body", [])
        let succeeded = write.run(on: connection)
        guard database.isInsideTransaction else {
            throw DatabaseError(resultCode: .SQLITE_FULL, message: "the transaction was rolled back")
        }
        if !succeeded {
            let code = ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection))
            if Self.meansBrokenStorage(code) { throw DatabaseError(resultCode: code) }
            try connection.execute("ROLLBACK TO body", [])
        }
        try connection.execute("RELEASE body", [])
    }

    /// The errors after which what is in memory cannot be trusted (https://www.sqlite.org/rescode.html).
    private static func meansBrokenStorage(_ code: ResultCode) -> Bool {
        switch code.primaryResultCode {
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB: true
        default: false
        }
    }
}

/// A body that waits for its commit.
private protocol PendingWrite: Sendable {
    /// Runs the body and keeps its result; false when it threw.
    func run(on connection: any SQLConnection) -> Bool
    /// Answers whoever waits: with the result, or with the failure of the whole group.
    func finish(failure: RepositoryError?)
}

private final class Write<Value: Sendable>: PendingWrite {
    private let body: @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    private let continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>
    private let result = Mutex<Result<Value, RepositoryError>?>(nil)

    init(
        body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value,
        continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>
    ) {
        self.body = body
        self.continuation = continuation
    }

    func run(on connection: any SQLConnection) -> Bool {
        let outcome: Result<Value, RepositoryError>
        do throws(RepositoryError) {
            outcome = .success(try body(connection))
        } catch {
            outcome = .failure(error)
        }
        result.withLock { $0 = outcome }
        if case .success = outcome { return true }
        return false
    }

    func finish(failure: RepositoryError?) {
        let outcome = result.withLock { $0 }
        if let failure {
            continuation.resume(returning: .failure(failure))
        } else {
            continuation.resume(returning: outcome ?? .failure(.unavailable("the write did not run")))
        }
    }
}
