import Foundation
import Migrations
import Notifications
import Repository
import SQLiteDatabase
import Synchronization
import TestSupport
import Testing

@Suite struct SQLiteDurabilityTests {
    @Test func theWriterCommitsWithFullSynchronization() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.file("test.sqlite"))
        try await database.migrate()
        let settings = try await database.write { connection throws(RepositoryError) in
            try ["synchronous", "journal_mode", "foreign_keys", "cell_size_check", "trusted_schema", "secure_delete"]
                .map { name throws(RepositoryError) in
                    try connection.row("PRAGMA \(name)", []) { row in row.text(0) } ?? ""
                }
        }
        #expect(settings == ["2", "wal", "1", "1", "0", "1"])
    }

    @Test func theSchemaIsOfThisVersionAfterMigrating() async throws {
        let database = try SQLiteDatabase(path: nil)
        try await database.migrate()
        try await database.migrate()
        let version = try await database.schemaVersion()
        #expect(version.found == version.wanted && version.wanted >= 1)
    }

    /// A step that takes something away says which programs can use the rest.
    @Test func aDatabaseThatIsTooNewIsRefused() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("test.sqlite")
        let last = Migration.sqlite.map(\.number).max() ?? 0
        for (oldest, isRefused) in [(0, false), (last, false), (last + 1, true)] {
            let later = Migration(number: last + 1 + oldest, name: "later", sql: "SELECT 1", oldest: oldest)
            let newer = try SQLiteDatabase(path: path, steps: Migration.sqlite + [later])
            try await newer.migrate()
            #expect(try await newer.schemaVersion().found == later.number)
            try newer.close()
            let older = try SQLiteDatabase(path: path)
            if isRefused {
                await #expect(throws: RepositoryError.self) { try await older.migrate() }
            } else {
                try await older.migrate()
            }
            try older.close()
        }
    }

    @Test func anotherProgramsFileIsRefused() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.file("test.sqlite"))
        try await database.execute("CREATE TABLE bookmarks (a INTEGER)")
        await #expect(throws: RepositoryError.self) { try await database.migrate() }
        let tables = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT name FROM sqlite_schema", []) { row in row.text(0) }
        }
        #expect(tables == ["bookmarks"])
    }

    /// A write that waits for another program's lock is answered after a few seconds, however long that lasts.
    @Test func aWriteIsAnsweredWhileTheFileIsLocked() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("test.sqlite")
        let (database, other) = (try SQLiteDatabase(path: path), try SQLiteDatabase(path: path))
        try await database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        let isDone = Mutex(false)
        async let locking: Void = other.write { _ throws(RepositoryError) in
            while !isDone.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.01) }
        }
        try await Task.sleep(for: .milliseconds(100))
        await #expect(throws: RepositoryError.unavailable("SQLite: database is locked (code 5)")) {
            try await database.execute("INSERT INTO t (a) VALUES (1)")
        }
        isDone.withLock { $0 = true }
        try await locking
        try await database.execute("INSERT INTO t (a) VALUES (1)")
    }
}
