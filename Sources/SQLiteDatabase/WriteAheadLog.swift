import GRDB
import GRDBSQLite
import Synchronization

/// The length of the write-ahead log, and the checkpoints that bring it back into the database's file.
///
/// SQLite would checkpoint by itself inside COMMIT, before anybody is answered, and would ignore what goes wrong with it
/// (`sqlite3WalDefaultHook`): a failed fdatasync of the database's file would pass unseen.
final class WriteAheadLog: Sendable {
    /// Pages between two checkpoints, as SQLite's own default (https://www.sqlite.org/wal.html#ckpt).
    private static let step = 1000

    private let longest: Int
    private let pages = Atomic<Int>(0)
    /// How long it was at the last checkpoint, and at the last attempt to restart it.
    private let checkpointed = Atomic<Int>(0)
    private let tried = Atomic<Int>(0)

    /// - Parameter longest: pages above which the log has to be restarted.
    init(longest: Int) {
        self.longest = longest
    }

    /// Takes the place of SQLite's own checkpoints on this connection, which must not outlive this value.
    func follow(_ database: Database) {
        let note: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, CInt) -> CInt = {
            context, _, _, pages in
            if let context { Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().note(Int(pages)) }
            return SQLITE_OK
        }
        sqlite3_wal_hook(database.sqliteConnection, note, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Checkpoints when the log has grown by some pages. Readers are not waited for: what they still look at stays in the
    /// log, and SQLite begins it anew only when none of them needs it.
    func shorten(_ database: Database) throws {
        let length = pages.load(ordering: .relaxed)
        guard length >= checkpointed.load(ordering: .relaxed) + Self.step else { return }
        _ = try database.checkpoint(.passive)
        checkpointed.store(length, ordering: .relaxed)
    }

    /// Readers that overlap have kept it from being begun anew for so long that everybody gets slower.
    var isTooLong: Bool {
        let length = pages.load(ordering: .relaxed)
        return length >= longest && length >= tried.load(ordering: .relaxed) + Self.step
    }

    /// Begins the log anew, while none of our connections reads. Another program may: it is not waited for, since all who
    /// write would wait too.
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
            tried.store(0, ordering: .relaxed)
        }
        pages.store(length, ordering: .relaxed)
    }
}
