import GRDB
import GRDBSQLite
import Synchronization

/// The length of the write-ahead log, and the checkpoints that bring it back into the database's file.
///
/// SQLite would checkpoint by itself inside COMMIT, before anybody is answered, and would ignore what goes wrong with it
/// (`sqlite3WalDefaultHook`): a failed fdatasync of the database's file would pass unseen.
final class WriteAheadLog: Sendable {
    /// What a commit leaves to be done about the log's length.
    enum Step {
        case nothing
        /// A checkpoint beside the writer.
        case checkpoint
        /// One by the writer itself, of the little that came since the last one: only when the file has all of the log is it
        /// begun anew, and while others write no checkpoint beside them ever gets to its end.
        case finish
    }

    /// Pages between two checkpoints, as SQLite's own default (https://www.sqlite.org/wal.html#ckpt).
    private static let step = 1000
    /// Pages above which the writer finishes: 8 MiB, so that the ballast has room for a log (`DiskSpace`).
    private static let most = 2 * step

    private let longest: Int
    private let pages = Atomic<Int>(0)
    /// How long it was at the last checkpoint, when the writer last finished, and at the last attempt to restart it.
    private let checkpointed = Atomic<Int>(0)
    private let finished = Atomic<Int>(0)
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

    var step: Step {
        let length = pages.load(ordering: .relaxed)
        let behind = length - checkpointed.load(ordering: .relaxed)
        if behind >= Self.step { return .checkpoint }
        let isDue = length >= max(Self.most, finished.load(ordering: .relaxed) + Self.step)
        return isDue ? .finish : .nothing
    }

    /// Brings what is there now into the file. Readers are not waited for: what they still look at stays in the log, and
    /// SQLite begins it anew only when none of them needs it.
    func checkpoint(_ database: Database, isFinishing: Bool) throws {
        let length = pages.load(ordering: .relaxed)
        do {
            _ = try database.checkpoint(.passive)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Somebody else's checkpoint is under way.
            return
        }
        if pages.load(ordering: .relaxed) >= length { checkpointed.store(length, ordering: .relaxed) }
        if isFinishing { finished.store(length, ordering: .relaxed) }
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
            finished.store(0, ordering: .relaxed)
            tried.store(0, ordering: .relaxed)
        }
        pages.store(length, ordering: .relaxed)
    }
}
