import Notifications
import Repository
import SQLiteDatabase
import Testing

/// What every SQL driver promises. PostgreSQL's joins the list of makers when its driver does.
@Suite struct DriverContract {
    static let engines = ["SQLite in memory", "SQLite in a file"]

    private func database(_ engine: String, _ folder: TemporaryFolder) async throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: engine.contains("file") ? folder.file("test.sqlite") : nil)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB)", [])
        }
        return database
    }

    @Test(arguments: engines) func valuesComeBackAsTheyWere(engine: String) async throws {
        let folder = try TemporaryFolder()
        let database = try await database(engine, folder)
        let text = "é 😀 \u{FFFE} ' OR 1=1 --"
        try await database.write { connection throws(RepositoryError) in
            try connection.execute(
                "INSERT INTO t (c, b, a) VALUES ($3, $2, $1)", [.integer(.min), .text(text), .blob([0, 255, 1])])
            try connection.execute("INSERT INTO t (a, b, c) VALUES ($1, $2, $3)", [.integer(1), .null, .blob([])])
        }
        let rows = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a, b, c FROM t ORDER BY a", []) { row in
                (row.integer(0), row.optionalText(1), row.blob(2))
            }
        }
        #expect(rows.map(\.0) == [.min, 1])
        #expect(rows.map(\.1) == [text, nil])
        #expect(rows.map(\.2) == [[0, 255, 1], []])
    }

    @Test(arguments: engines) func aValueMayStandTwiceAndInAnyOrder(engine: String) async throws {
        let folder = try TemporaryFolder()
        let database = try await database(engine, folder)
        let row = try await database.read { connection throws(RepositoryError) in
            try connection.row("SELECT $2, $1, $2", [.text("one"), .text("two")]) { row in
                [row.text(0), row.text(1), row.text(2)]
            }
        }
        #expect(row == ["two", "one", "two"])
    }

    @Test(arguments: engines) func aBodyThatThrowsUndoesItselfAndNothingElse(engine: String) async throws {
        let folder = try TemporaryFolder()
        let database = try await database(engine, folder)
        // All of them wait while the writer is busy with the first, and so share a commit.
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<60 {
                group.addTask {
                    do throws(RepositoryError) {
                        try await database.write { connection throws(RepositoryError) in
                            try connection.execute("INSERT INTO t (a) VALUES ($1)", [.integer(Int64(number))])
                            if number.isMultiple(of: 3) { throw .conflict("on purpose") }
                        }
                        return true
                    } catch {
                        return error != .conflict("on purpose")
                    }
                }
            }
            return await group.reduce(into: 0) { count, succeeded in count += succeeded ? 1 : 0 }
        }
        let stored = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t ORDER BY a", []) { row in row.integer(0) }
        }
        #expect(results == 40)
        #expect(stored == (0..<60).filter { !$0.isMultiple(of: 3) }.map(Int64.init))
    }

    @Test(arguments: engines) func changedRowsAreCounted(engine: String) async throws {
        let folder = try TemporaryFolder()
        let database = try await database(engine, folder)
        let changed = try await database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                "INSERT INTO t (a, b) VALUES ($1, $2)", (1...5).map { [.integer($0), .text("x")] })
            return try connection.execute("UPDATE t SET b = 'y' WHERE a > $1", [.integer(2)])
        }
        #expect(changed == 3)
    }

    @Test(arguments: engines) func aMistakeInSQLIsAnErrorWithoutValues(engine: String) async throws {
        let folder = try TemporaryFolder()
        let database = try await database(engine, folder)
        await #expect(throws: RepositoryError.self) {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO t (a) VALUES ($1), ($1)", [.integer(5)])
            }
        }
        do {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO nowhere VALUES ($1)", [.text("canary")])
            }
            Issue.record("the statement must fail")
        } catch {
            #expect(!"\(error)".contains("canary"))
        }
    }
}

@Suite struct SQLiteDurability {
    @Test func theWriterCommitsWithFullSynchronisation() async throws {
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
