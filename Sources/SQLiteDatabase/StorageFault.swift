import GRDB
import GRDBSQLite

/// What an error of SQLite says about the storage under it (https://www.sqlite.org/rescode.html).
enum StorageFault {
    /// There is no room now. Nothing is damaged, and it heals by itself.
    case noSpace
    /// What is in memory cannot be trusted any more.
    case broken

    /// Nil for errors that are not about the storage.
    init?(_ code: ResultCode) {
        switch (code, code.primaryResultCode) {
        // The index of the write-ahead log could not grow. It is made anew from the log whenever it is missing.
        case (.SQLITE_IOERR_SHMSIZE, _), (_, .SQLITE_FULL): self = .noSpace
        case (_, .SQLITE_IOERR), (_, .SQLITE_CORRUPT), (_, .SQLITE_NOTADB): self = .broken
        default: return nil
        }
    }
}

/// Who hears of faults of the storage. Both are called on the writer's thread.
package struct StorageWatch: Sendable {
    /// There was no room for something; it is called each time.
    let ranOut: @Sendable () -> Void
    /// Called once, with words for the log. After a failed fdatasync the kernel calls the lost pages clean, so only a
    /// new process, which reads the write-ahead log again, can repair the file: this one must end soon. Until then
    /// every call fails, so that those who wait get an answer.
    let broke: @Sendable (String) -> Void

    /// Both may be left out: then nobody is told, and calls fail all the same.
    package init(
        ranOut: @escaping @Sendable () -> Void = {}, broke: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.ranOut = ranOut
        self.broke = broke
    }
}
