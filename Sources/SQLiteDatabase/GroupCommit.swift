import GRDB
import GRDBSQLite
import Notifications
import Repository
import Synchronization

/// The only writer. It takes the waiting bodies, runs them in one transaction, commits once, and then answers them all: a
/// durable commit costs the same for one body as for many.
///
/// Most groups contain no body that fails after it has changed something. Where one does, the transaction is rolled back,
/// and all run again, each in its own savepoint. A savepoint costs a copy of every page that is changed in it.
///
/// The queue has no limit, because the engine's writes must not be refused. The API bounds it by admitting only so many
/// writing requests (`Admission`), and the engine by its own limits.
final class GroupCommit: Sendable {
    /// A commit holds at most this many bodies, and none starts after this time, so that nobody waits long for the
    /// others.
    private static let largestGroup = 128
    private static let longestGroup = Duration.milliseconds(4)

    private struct Queue {
        var writes = WaitingWrites()
        var isBroken = false
    }

    static let brokenStorage = RepositoryError.unavailable("the storage failed, so this process ends")

    private let writer: any DatabaseWriter
    private let log: WriteAheadLog
    /// Nil for an in-memory database, which has no log.
    let checkpointer: Checkpointer?
    private let gate: ReadGate
    private let watch: StorageWatch
    private let queue = Mutex(Queue())
    private let statements = PreparedStatements()

    init(
        writer: any DatabaseWriter, checkpointer: Checkpointer?, watch: StorageWatch, log: WriteAheadLog,
        gate: ReadGate
    ) {
        self.writer = writer
        self.log = log
        self.checkpointer = checkpointer
        self.gate = gate
        self.watch = watch
    }

    /// Must be called once, before the first write.
    func start() {
        writer.writeWithoutTransaction { database in log.follow(database) }
    }

    /// Must come before the writer is closed.
    func forgetStatements() {
        writer.writeWithoutTransaction { _ in statements.forgetAll() }
    }

    /// The storage has failed: all reads and writes are refused.
    var isBroken: Bool { queue.withLock { $0.isBroken } }

    func submit<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
            enqueue(Write(in: scope, body: body, continuation: continuation))
        }
        return try result.get()
    }

    private func enqueue(_ write: any PendingWrite) {
        let (isBroken, mustStart) = queue.withLock { queue in
            queue.isBroken ? (true, false) : (false, queue.writes.add(write))
        }
        if isBroken { return write.finish(failure: Self.brokenStorage) }
        guard mustStart else { return }
        writer.asyncWriteWithoutTransaction { database in
            while let group = self.nextGroup() { self.commit(group, on: database) }
        }
    }

    /// Nil when nothing waits; the writer then goes idle.
    private func nextGroup() -> [any PendingWrite]? {
        queue.withLock { queue in
            queue.writes.hasMore() ? queue.writes.take(Self.largestGroup) : nil
        }
    }

    /// Bodies that did not run in time go to the front of the queue.
    private func putBack(_ writes: ArraySlice<any PendingWrite>) {
        guard !writes.isEmpty else { return }
        queue.withLock { $0.writes.putBack(writes) }
    }

    private func commit(_ group: [any PendingWrite], on database: Database) {
        let connection = SQLiteConnection(database, prepared: statements)
        var rest = group[...]
        do {
            if try !run(&rest, inSavepoints: false, on: connection, database) {
                try connection.execute("ROLLBACK", [])
                var again = group[..<rest.startIndex]
                _ = try run(&again, inSavepoints: true, on: connection, database)
            }
            try connection.execute("COMMIT", [])
        } catch {
            let code = Self.code(of: error, on: database)
            if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
            // Where no transaction could begin, such as while another program has the file locked, nobody has run. They are
            // answered all the same: nobody knows for how long that lasts.
            if rest.startIndex == group.startIndex { rest = group[group.endIndex...] }
            putBack(rest)
            // Whoever is answered finds the storage broken, if it is.
            note(code, error)
            for write in group[..<rest.startIndex] { write.finish(failure: RepositoryError(sqlite: error)) }
            return
        }
        putBack(rest)
        for write in group[..<rest.startIndex] { write.finish(failure: nil) }
        shortenLog(database)
    }

    /// Starts the checkpoint that is due. If readers have kept the log from restarting for too long, closes the gate
    /// and restarts the log once no reader is left.
    private func shortenLog(_ database: Database) {
        switch log.step {
        case .nothing: break
        case .checkpoint: checkpointer?.begin { self.checkpoint($0) }
        case .finish: checkpoint(database, isFinishing: true)
        }
        if !isBroken, log.isTooLong, gate.close() { restartLog(database) }
    }

    private func checkpoint(_ database: Database, isFinishing: Bool = false) {
        guard !isBroken else { return }
        do {
            try log.checkpoint(database, isFinishing: isFinishing)
        } catch {
            note(Self.code(of: error, on: database), error)
        }
    }

    /// Checkpoints the log, however short it is, without waiting for readers.
    func checkpoint() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            writer.asyncWriteWithoutTransaction { database in
                defer { continuation.resume() }
                self.checkpoint(database)
            }
        }
    }

    /// Copies what it can of the log into the file, and counts the storage as broken.
    func abandon(_ reason: String) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            writer.asyncWriteWithoutTransaction { database in
                defer { continuation.resume() }
                try? self.log.restart(database)
                self.stop(reason)
            }
        }
    }

    /// Called when the gate has become quiet; the writer may be idle then.
    func restartLog() {
        writer.asyncWriteWithoutTransaction { database in self.restartLog(database) }
    }

    private func restartLog(_ database: Database) {
        guard gate.isQuiet, !isBroken else { return }
        defer { gate.open() }
        do { try log.restart(database) } catch { note(Self.code(of: error, on: database), error) }
    }

    /// Begins a transaction and runs bodies, taken from `rest`, as long as there is time; in savepoints all of them, since
    /// they have had their time before. False if one has failed and left changes behind. Throws only when the whole
    /// transaction is lost: a body's own error stays with that body.
    private func run(
        _ rest: inout ArraySlice<any PendingWrite>, inSavepoints: Bool, on connection: SQLiteConnection,
        _ database: Database
    ) throws -> Bool {
        try connection.execute("BEGIN IMMEDIATE", [])
        let end = ContinuousClock.now + Self.longestGroup
        repeat {
            guard let write = rest.popFirst() else { break }
            if inSavepoints { try connection.execute("SAVEPOINT body", []) }
            statements.hasChanged = false
            let succeeded = try run(write, on: connection, database)
            if inSavepoints {
                if !succeeded { try connection.execute("ROLLBACK TO body", []) }
                try connection.execute("RELEASE body", [])
            } else if !succeeded, statements.hasChanged {
                return false
            }
        } while inSavepoints || ContinuousClock.now < end
        return true
    }

    /// Whether the body has succeeded.
    private func run(_ write: any PendingWrite, on connection: SQLiteConnection, _ database: Database) throws -> Bool {
        let succeeded = write.run(on: connection)
        let code = ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection))
        guard database.isInsideTransaction else {
            throw DatabaseError(resultCode: succeeded ? .SQLITE_ABORT : code, message: "SQLite rolled back")
        }
        guard !succeeded else { return true }
        switch StorageFault(code) {
        case .broken: throw DatabaseError(resultCode: code)
        case .noSpace: watch.ranOut()
        case nil: break
        }
        return false
    }

    private func note(_ code: ResultCode, _ error: any Error) {
        switch StorageFault(code) {
        case .noSpace: watch.ranOut()
        case .broken: stop("\(RepositoryError(sqlite: error))")
        case nil: break
        }
    }

    /// Fails all waiting writes, since the writer has stopped. Keeps this object alive: closing the last connection
    /// would checkpoint pages that cannot be trusted.
    private func stop(_ reason: String) {
        let (isFirst, waiting) = queue.withLock { queue in
            defer { queue = Queue(isBroken: true) }
            return (!queue.isBroken, queue.writes.all)
        }
        if isFirst {
            _ = Unmanaged.passRetained(self)
            watch.broke(reason)
        }
        for write in waiting { write.finish(failure: Self.brokenStorage) }
    }

    /// A `RepositoryError` no longer has SQLite's code, but the connection still does.
    private static func code(of error: any Error, on database: Database) -> ResultCode {
        (error as? DatabaseError)?.extendedResultCode
            ?? ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection))
    }
}
