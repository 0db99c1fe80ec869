import CSQLite
import Foundation
import GRDB
import Migrations
import Notifications
import Repository
import Synchronization

/// The embedded default: libsqlite3 through GRDB, with one connection for writing, one for checkpoints, and several for
/// reading.
package final class SQLiteDatabase: SQLDatabase {
    private let writer: any DatabaseWriter
    /// Nil in memory.
    let path: String?
    /// Then the only connection also reads. GRDB would make it read-only for each read, after which SQLite prepares every
    /// statement again.
    private var isInMemory: Bool { path == nil }
    /// Nil until they are looked at.
    let files = Mutex<OpenedFiles?>(nil)
    let commits: GroupCommit
    private let gate: ReadGate
    private let limits: ReadLimits
    private let steps: [Migration]
    let statements = ReadersStatements()

    /// Opens the file, or an in-memory database if the path is nil (for tests).
    ///
    /// - Parameter steps: the schema that the program knows.
    package init(
        path: String?, watch: StorageWatch = StorageWatch(), limits: ReadLimits = ReadLimits(),
        steps: [Migration] = Migration.sqlite
    ) throws(RepositoryError) {
        csqlite_count_no_memory()
        let configuration = Configuration.runbell(readers: limits.readers)
        let writer: any DatabaseWriter = try Self.translating {
            if let path {
                try DatabasePool(path: path, configuration: configuration)
            } else {
                try DatabaseQueue(configuration: configuration)
            }
        }
        let gate = ReadGate(limits)
        let checkpointer = try Self.translating { try path.map(Checkpointer.init) }
        let commits = GroupCommit(
            writer: writer, checkpointer: checkpointer, watch: watch, log: WriteAheadLog(longest: limits.logPages),
            gate: gate)
        try Self.translating { try writer.writeWithoutTransaction(Self.makeDurable) }
        commits.start()
        self.writer = writer
        self.path = path
        self.commits = commits
        self.gate = gate
        self.limits = limits
        self.steps = steps
    }

    /// `DatabasePool` sets `synchronous` to NORMAL after applying its configuration, and with NORMAL a power failure
    /// loses the last commits (https://www.sqlite.org/pragma.html#pragma_synchronous). So this sets it again on the
    /// writing connection and reads it back.
    private static func makeDurable(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        let level = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0
        guard level >= 2 else {
            throw DatabaseError(message: "PRAGMA synchronous reads \(level), which would lose committed events")
        }
        try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }

    /// Runs the body on a reader, within the limits of its kind of read. Throws `busy` when too many wait, `tooSlow`
    /// when it takes too long, and `abandoned` when the caller is cancelled. SQLite knows no scope.
    package func read<Value: Sendable>(
        _ read: DatabaseRead, in _: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        guard !commits.isBroken else { throw GroupCommit.brokenStorage }
        let ticket = try await gate.enter(read)
        defer { if gate.leave(ticket) { commits.restartLog() } }
        let stopwatch = ReadStopwatch(limits.time(of: read))
        do {
            return try await withTaskCancellationHandler {
                let run: @Sendable (Database) throws -> Value = { [statements] database in
                    try stopwatch.attend(database) {
                        try body(
                            SQLiteConnection(
                                database, mayWrite: false, prepared: statements.statements(of: database)))
                    }
                }
                return try await isInMemory ? writer.unsafeRead(run) : writer.read(run)
            } onCancel: {
                stopwatch.abandon()
            }
        } catch {
            throw read.failure(stopwatch.reason(of: RepositoryError(sqlite: error)))
        }
    }

    /// Runs the body as part of a shared commit (`GroupCommit`).
    @discardableResult
    package func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await commits.submit(in: scope, body)
    }

    /// Refuses, without changing them, a file from before the first release, one of a schema that is too new, and one with
    /// tables of another program.
    package func migrate() async throws(RepositoryError) {
        _ = try await schemaVersion()
        try Self.translating {
            var migrator = DatabaseMigrator()
            for migration in steps {
                migrator.registerMigration(SchemaVersion.name(of: migration.number)) { database in
                    try database.execute(sql: migration.sql)
                    try SchemaVersion.note(migration, on: database)
                }
            }
            try migrator.migrate(writer)
            try writer.writeWithoutTransaction(Self.makeDurable)
        }
    }

    /// Closes the connections; the last one checkpoints. Nothing may be running. Broken storage is left as it is.
    package func close() throws(RepositoryError) {
        guard !commits.isBroken else { throw GroupCommit.brokenStorage }
        try Self.translating {
            try commits.checkpointer?.close()
            commits.forgetStatements()
            statements.forgetAll()
            try writer.close()
        }
    }

    /// The schema version of the file, 0 for a new one, and the version that this program needs.
    package func schemaVersion() async throws(RepositoryError) -> (found: Int64, wanted: Int64) {
        let known = steps.map(\.number).max() ?? 0
        let found = try await read(.short, in: .noOrganization) { connection throws(RepositoryError) in
            try SchemaVersion.read(connection, known: known)
        }
        return (found, known)
    }

    private static func translating<Value>(_ work: () throws -> Value) throws(RepositoryError) -> Value {
        do {
            return try work()
        } catch {
            throw RepositoryError(sqlite: error)
        }
    }
}

extension RepositoryError {
    /// The only place where SQLite's errors become `RepositoryError`. GRDB's description would quote values, so only
    /// the code and SQLite's message are kept.
    init(sqlite error: any Error) {
        switch error {
        case let error as RepositoryError: self = error
        case is CancellationError: self = .abandoned
        case let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT: self = .abandoned
        case let error as DatabaseError where StorageFault(error.extendedResultCode) == .noSpace: self = .noSpace
        case let error as DatabaseError:
            self = .unavailable("SQLite: \(error.message ?? "error") (code \(error.extendedResultCode.rawValue))")
        default: self = .unavailable("the database failed: \(type(of: error))")
        }
    }
}
