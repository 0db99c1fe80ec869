import Foundation
import Notifications
import Repository
import SQLiteDatabase
import Synchronization
import TestSupport
import Testing

/// What a full disk, a failed commit and a damaged file mean for writers.
@Suite struct StorageFailureTests {
    /// Keeps the file from growing, or lets it grow again.
    private func setFull(_ isFull: Bool, _ database: SQLiteDatabase) async throws {
        try await database.execute("PRAGMA max_page_count = \(isFull ? 1 : 1_000_000)")
    }

    private func numbers(_ database: SQLiteDatabase) async throws -> [Int64] {
        try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t ORDER BY a", []) { row in row.integer(0) }
        }
    }

    @Test func aFullDiskRefusesLeavesNothingHalfAndHeals() async throws {
        let folder = try TemporaryFolder()
        let heard = Heard()
        let database = try SQLiteDatabase(path: folder.file("test.sqlite"), watch: heard.watch)
        try await database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
        try await setFull(true, database)
        let errors = await withTaskGroup(of: RepositoryError?.self) { group in
            for number in 0..<20 {
                group.addTask {
                    do throws(RepositoryError) {
                        try await database.write { connection throws(RepositoryError) in
                            for half in [2 * number, 2 * number + 1] {
                                try connection.execute(
                                    "INSERT INTO t (a, b) VALUES ($1, zeroblob(100000))", [.integer(Int64(half))])
                            }
                        }
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.count == 20 && errors.allSatisfy { $0 == .noSpace })
        #expect(heard.ranOut > 0)
        #expect(try await numbers(database) == [])
        try await setFull(false, database)
        try await database.execute("INSERT INTO t (a, b) VALUES (7, zeroblob(100000))")
        #expect(try await numbers(database) == [7])
        #expect(heard.broke == [])
    }

    @Test func nobodyIsAnsweredBeforeTheCommit() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.file("test.sqlite"))
        try await database.execute(
            "CREATE TABLE p (a INTEGER PRIMARY KEY)",
            "CREATE TABLE t (a INTEGER PRIMARY KEY REFERENCES p (a) DEFERRABLE INITIALLY DEFERRED)")
        // Only COMMIT finds the violation.
        await #expect(throws: RepositoryError.self) { try await database.execute("INSERT INTO t (a) VALUES (1)") }
        #expect(try await numbers(database) == [])
        try await database.execute("INSERT INTO p (a) VALUES (1)", "INSERT INTO t (a) VALUES (1)")
        #expect(try await numbers(database) == [1])
    }

    /// Even if a statement finds it while handling another one's row, and that one is reset afterwards.
    @Test func damageIsReportedWhereverItIsFound() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("test.sqlite")
        let first = try SQLiteDatabase(path: path)
        try await first.execute(
            "CREATE TABLE t (a INTEGER PRIMARY KEY)", "INSERT INTO t (a) VALUES (1), (2)",
            "CREATE TABLE damaged (a INTEGER PRIMARY KEY, b BLOB)",
            "INSERT INTO damaged (b) SELECT randomblob(3000) FROM t, t, t, t, t, t, t")
        try first.close()
        try damage(path, behind: 100_000)
        let heard = Heard()
        let database = try SQLiteDatabase(path: path, watch: heard.watch)
        await #expect(throws: RepositoryError.self) {
            try await database.write { connection throws(RepositoryError) in
                try connection.rows("SELECT a FROM t", []) { _ throws(RepositoryError) in
                    try connection.row("SELECT sum(length(b)) FROM damaged", []) { row in row.integer(0) }
                }
            }
        }
        #expect(heard.broke.count == 1 && heard.ranOut == 0)
        // After that nothing works, and nothing is written back.
        await #expect(throws: RepositoryError.self) { try await numbers(database) }
        await #expect(throws: RepositoryError.self) { try await database.execute("INSERT INTO t (a) VALUES (3)") }
        #expect(throws: RepositoryError.self) { try database.close() }
    }

    /// Even what only the log had is found by whoever opens the file next.
    @Test(arguments: ["-wal", "-shm"]) func aFileThatIsRemovedEndsTheUse(suffix: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("test.sqlite")
        let heard = Heard()
        let database = try SQLiteDatabase(path: path, watch: heard.watch)
        try await database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        await database.checkFiles()
        try await database.execute("INSERT INTO t (a) VALUES (1)")
        await database.checkFiles()
        #expect(heard.broke == [])
        try FileManager.default.removeItem(atPath: path + suffix)
        try await database.execute("INSERT INTO t (a) VALUES (2)")
        await database.checkFiles()
        #expect(heard.broke == ["somebody has removed or replaced \(path + suffix)"])
        await #expect(throws: RepositoryError.self) { try await database.execute("INSERT INTO t (a) VALUES (3)") }
        #expect(try await numbers(try SQLiteDatabase(path: path)) == [1, 2])
    }

    private func damage(_ path: String, behind offset: UInt64) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        let end = try file.seekToEnd()
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(repeating: 0xFF, count: Int(end - offset)))
        try file.close()
    }

    /// There is one prepared statement: run again from within its own rows, it would end early and silently lose rows.
    @Test func aStatementInsideItselfIsAnError() async throws {
        let database = try SQLiteDatabase(path: nil)
        try await database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)", "INSERT INTO t (a) VALUES (1), (2), (3)")
        let sql = "SELECT a FROM t WHERE a > $1"
        await #expect(throws: RepositoryError.self) {
            try await database.read { connection throws(RepositoryError) in
                try connection.rows(sql, [.integer(0)]) { row throws(RepositoryError) in
                    try connection.rows(sql, [.integer(row.integer(0))]) { row in row.integer(0) }
                }
            }
        }
    }
}

/// What a database reports about its storage.
private final class Heard: Sendable {
    private let ranOutCount = Mutex(0)
    private let reasons = Mutex<[String]>([])

    var ranOut: Int { ranOutCount.withLock { $0 } }
    var broke: [String] { reasons.withLock { $0 } }

    var watch: StorageWatch {
        StorageWatch(
            ranOut: { self.ranOutCount.withLock { $0 += 1 } },
            broke: { text in self.reasons.withLock { $0.append(text) } })
    }
}
