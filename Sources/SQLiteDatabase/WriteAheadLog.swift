import GRDB
import GRDBSQLite
import Synchronization

/// The length of the write-ahead log, and the checkpoints that bring it back into the database's file.
///
/// SQLite would checkpoint by itself inside COMMIT, before anybody is answered, and would ignore what goes wrong with it
/// (`sqlite3WalDefaultHook`): a failed fdatasync of the database's file would pass unseen.
final class WriteAheadLog: Sendable {
    /// As SQLite's own default (https://www.sqlite.org/wal.html#ckpt).
    private static let longest = 1000

    private let pages = Atomic<Int>(0)

    /// Takes the place of SQLite's own checkpoints on this connection, which must not outlive this value.
    func follow(_ database: Database) {
        let note: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, CInt) -> CInt = {
            context, _, _, pages in
            if let context {
                Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue()
                    .pages.store(Int(pages), ordering: .relaxed)
            }
            return SQLITE_OK
        }
        sqlite3_wal_hook(database.sqliteConnection, note, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Checkpoints when the log has got long. Readers are not waited for: what they still look at stays in the log.
    func shorten(_ database: Database) throws {
        guard pages.load(ordering: .relaxed) >= Self.longest else { return }
        _ = try database.checkpoint(.passive)
    }
}
