import GRDB
import GRDBSQLite
import Repository
import Synchronization

/// Ends a read that takes too long or whose caller has gone. SQLite calls it every few thousand steps
/// (https://www.sqlite.org/c3ref/progress_handler.html). `sqlite3_interrupt` would instead stop whatever the connection
/// is doing at that moment, which may be another read.
final class ReadStopwatch: Sendable {
    /// Virtual-machine steps between two checks: some tens of microseconds.
    private static let steps: CInt = 4000

    private let end: ContinuousClock.Instant
    private let isAbandoned = Atomic<Bool>(false)

    init(_ time: Duration) {
        end = .now + time
    }

    func abandon() {
        isAbandoned.store(true, ordering: .relaxed)
    }

    /// Runs the body under this stopwatch.
    func attend<Value>(_ database: Database, _ body: () throws -> Value) rethrows -> Value {
        let ask: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { context in
            guard let context else { return 0 }
            return Unmanaged<ReadStopwatch>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
        }
        let connection = database.sqliteConnection
        sqlite3_progress_handler(connection, Self.steps, ask, Unmanaged.passUnretained(self).toOpaque())
        defer { sqlite3_progress_handler(connection, 0, nil, nil) }
        return try body()
    }

    /// The error of a read, or the reason why it was ended.
    func reason(of error: RepositoryError) -> RepositoryError {
        guard error == .abandoned, !isAbandoned.load(ordering: .relaxed) else { return error }
        return ContinuousClock.now >= end ? .tooSlow : error
    }

    private var isOver: Bool {
        isAbandoned.load(ordering: .relaxed) || ContinuousClock.now >= end
    }
}
