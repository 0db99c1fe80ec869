import Notifications
import Repository

/// Space inside the database file.
package struct FileRoom: Equatable, Sendable {
    /// Bytes in free pages, which are reused before the file grows.
    package let free: Int
    /// Bytes in all pages.
    package let size: Int

    /// Both in bytes.
    package init(free: Int, size: Int) {
        self.free = free
        self.size = size
    }
}

extension SQLiteDatabase {
    /// How much of the file is free and how large it is, as of the newest commit.
    package func room() async throws(RepositoryError) -> FileRoom {
        try await read(in: .noOrganization) { connection throws(RepositoryError) in
            func number(_ pragma: String) throws(RepositoryError) -> Int {
                try connection.row("PRAGMA \(pragma)", []) { row in Int(row.integer(0)) } ?? 0
            }
            let bytesOfPage = try number("page_size")
            return FileRoom(
                free: try number("freelist_count") * bytesOfPage, size: try number("page_count") * bytesOfPage)
        }
    }

    /// Moves at most this many pages from the end of the file into free ones and truncates the file. If a reader still
    /// uses them, a later checkpoint truncates it (https://www.sqlite.org/pragma.html#pragma_incremental_vacuum).
    package func giveBack(pages: Int) async throws(RepositoryError) {
        try await write(in: .noOrganization) { connection throws(RepositoryError) in
            _ = try connection.execute("PRAGMA incremental_vacuum(\(pages))", [])
        }
        // Freed pages leave almost nothing in the log, so they would not trigger a checkpoint.
        await commits.checkpoint()
    }
}
