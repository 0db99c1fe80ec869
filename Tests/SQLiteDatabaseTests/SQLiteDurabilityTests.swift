import Notifications
import Repository
import SQLiteDatabase
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
}
