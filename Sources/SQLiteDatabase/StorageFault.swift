import GRDB
import GRDBSQLite

/// What a SQLite error says about the underlying storage (https://www.sqlite.org/rescode.html).
enum StorageFault {
    /// The disk is full. Nothing is damaged, and writes succeed again once there is space.
    case noSpace
    /// The contents of memory can no longer be trusted.
    case broken

    /// Nil for errors that do not concern the storage.
    init?(_ code: ResultCode) {
        switch (code, code.primaryResultCode) {
        // The index of the write-ahead log could not grow. SQLite rebuilds it from the log when it is missing.
        case (.SQLITE_IOERR_SHMSIZE, _), (_, .SQLITE_FULL): self = .noSpace
        case (_, .SQLITE_IOERR), (_, .SQLITE_CORRUPT), (_, .SQLITE_NOTADB): self = .broken
        default: return nil
        }
    }
}

/// Told about storage faults, on the thread where they occur.
package struct StorageWatch: Sendable {
    /// Called every time the disk is full.
    let ranOut: @Sendable () -> Void
    /// Called once, with a message for the log. After a failed fdatasync the kernel marks the lost pages as clean, so
    /// only a new process, which reads the write-ahead log again, can repair the file: this one must exit soon. Until
    /// then every call fails, so that waiting callers get an answer.
    let broke: @Sendable (String) -> Void

    /// Without callbacks nobody is told, but calls fail all the same.
    package init(
        ranOut: @escaping @Sendable () -> Void = {}, broke: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.ranOut = ranOut
        self.broke = broke
    }
}
