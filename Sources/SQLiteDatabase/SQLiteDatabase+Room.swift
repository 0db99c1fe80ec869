import Notifications
import Repository

/// Room inside the database's file.
package struct FileRoom: Equatable, Sendable {
    /// Bytes of pages that hold nothing. They are written to before the file grows.
    package let free: Int
    /// Bytes of all pages.
    package let size: Int

    /// Both in bytes.
    package init(free: Int, size: Int) {
        self.free = free
        self.size = size
    }
}

extension SQLiteDatabase {
    /// How much of the file is free and how large it is, as the newest commit left it.
    package func room() async throws(RepositoryError) -> FileRoom {
        try await read { connection throws(RepositoryError) in
            func number(_ pragma: String) throws(RepositoryError) -> Int {
                try connection.row("PRAGMA \(pragma)", []) { row in Int(row.integer(0)) } ?? 0
            }
            let bytesOfPage = try number("page_size")
            return FileRoom(
                free: try number("freelist_count") * bytesOfPage, size: try number("page_count") * bytesOfPage)
        }
    }

    /// Moves at most so many pages from the file's end to where nothing is, and cuts the file off, unless a reader still
    /// looks at them: then with a later checkpoint
    /// (https://www.sqlite.org/pragma.html#pragma_incremental_vacuum).
    package func giveBack(pages: Int) async throws(RepositoryError) {
        try await write { connection throws(RepositoryError) in
            _ = try connection.execute("PRAGMA incremental_vacuum(\(pages))", [])
        }
        // Pages that only go leave next to nothing in the log, which would not be checkpointed for that.
        await commits.checkpoint()
    }
}
