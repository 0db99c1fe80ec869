import GRDB
import GRDBSQLite
import Synchronization

/// Tracks the length of the write-ahead log and checkpoints it into the database file.
///
/// SQLite's own checkpoint (`sqlite3WalDefaultHook`) would run inside COMMIT, before anybody is answered, and would
/// ignore errors: a failed fdatasync of the database file would go unnoticed.
final class WriteAheadLog: Sendable {
    /// What to do about the log after a commit.
    enum Step {
        case nothing
        /// A checkpoint in the background (`Checkpointer`).
        case checkpoint
        /// A checkpoint by the writer of what little is left since the last one. The log restarts only when the file
        /// has all of it, and a checkpoint beside active writers never catches up.
        case finish
    }

    /// Pages between two checkpoints: SQLite's own default (https://www.sqlite.org/wal.html#ckpt).
    private static let step = 1000
    /// From this many pages on the writer finishes: 10 MiB, so that the ballast has room for a log (`DiskSpace`).
    private static let most = 2500

    private let longest: Int
    private let pages = Atomic<Int>(0)
    /// Its length at the last checkpoint, when the writer last finished, and at the last attempt to restart it.
    private let checkpointed = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
    private let tried = Atomic<Int>(0)

    /// - Parameter longest: the length in pages at which the log has to be restarted.
    init(longest: Int) {
        self.longest = longest
    }

    /// Replaces SQLite's own checkpoints on this connection, which must not outlive this value.
    func follow(_ database: Database) {
        let note: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, CInt) -> CInt = {
            context, _, _, pages in
            if let context { Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().note(Int(pages)) }
            return SQLITE_OK
        }
        sqlite3_wal_hook(database.sqliteConnection, note, Unmanaged.passUnretained(self).toOpaque())
    }

    var step: Step {
        let length = pages.load(ordering: .relaxed)
        // First, or a log that grows faster than the background copies it would never be finished.
        if length >= max(Self.most, finished.load(ordering: .relaxed) + Self.step) { return .finish }
        return length >= checkpointed.load(ordering: .relaxed) + Self.step ? .checkpoint : .nothing
    }

    /// Copies the current log into the file without waiting for readers. Pages that a reader still needs stay in the
    /// log, and SQLite restarts it only when no reader needs it.
    func checkpoint(_ database: Database, isFinishing: Bool) throws {
        let length = pages.load(ordering: .relaxed)
        do {
            _ = try database.checkpoint(.passive)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Another checkpoint is running.
            return
        }
        if pages.load(ordering: .relaxed) >= length { checkpointed.store(length, ordering: .relaxed) }
        if isFinishing { finished.store(length, ordering: .relaxed) }
    }

    /// Overlapping readers have kept the log from restarting for so long that everything gets slower.
    var isTooLong: Bool {
        let length = pages.load(ordering: .relaxed)
        return length >= longest && length >= tried.load(ordering: .relaxed) + Self.step
    }

    /// Restarts the log while none of our connections reads. It does not wait for other programs that read, since all
    /// writers would wait too.
    func restart(_ database: Database) throws {
        tried.store(pages.load(ordering: .relaxed), ordering: .relaxed)
        sqlite3_busy_timeout(database.sqliteConnection, 0)
        defer { sqlite3_busy_timeout(database.sqliteConnection, CInt(Configuration.busyTimeout * 1000)) }
        do {
            _ = try database.checkpoint(.truncate)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return
        }
        note(0)
    }

    private func note(_ length: Int) {
        if length < pages.load(ordering: .relaxed) {
            checkpointed.store(0, ordering: .relaxed)
            finished.store(0, ordering: .relaxed)
            tried.store(0, ordering: .relaxed)
        }
        pages.store(length, ordering: .relaxed)
    }
}
