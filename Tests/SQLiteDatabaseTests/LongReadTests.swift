import Foundation
import Notifications
import Repository
import SQLiteDatabase
import TestSupport
import Testing

/// How long reads affect others. Each of these counts without end.
@Suite struct LongReadTests {
    private func database(_ folder: TemporaryFolder, _ limits: ReadLimits) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: folder.file("test.sqlite"), limits: limits)
    }

    private func limits(time: Duration = .seconds(60), patience: Duration = .seconds(60)) -> ReadLimits {
        var limits = ReadLimits()
        limits.time = time
        limits.patience = patience
        return limits
    }

    private func count(_ database: SQLiteDatabase, for organization: Int64) async -> RepositoryError? {
        await count(database, .long(of: OrganizationID(organization)))
    }

    private func count(_ database: SQLiteDatabase, _ read: DatabaseRead) async -> RepositoryError? {
        do throws(RepositoryError) {
            _ = try await database.read(read) { connection throws(RepositoryError) in
                try connection.rows(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", []
                ) { row in row.integer(0) }
            }
            return nil
        } catch {
            return error
        }
    }

    private func one(_ database: SQLiteDatabase, _ read: DatabaseRead = .short) async throws -> Int64? {
        try await database.read(read) { connection throws(RepositoryError) in
            try connection.row("SELECT 1", []) { row in row.integer(0) }
        }
    }

    @Test func oneThatTakesTooLongEndsAndItsReaderGoesOn() async throws {
        let folder = try TemporaryFolder()
        let database = try database(folder, limits(time: .milliseconds(200)))
        for _ in 0..<3 { #expect(await count(database, for: 1) == .tooSlow) }
        #expect(try await one(database, .long(of: OrganizationID(1))) == 1)
    }

    /// Nobody could narrow it.
    @Test func aShortOneThatTakesTooLongIsAFailureOfTheDatabase() async throws {
        let folder = try TemporaryFolder()
        let database = try database(folder, limits(time: .milliseconds(200)))
        guard case .unavailable = await count(database, .short) else {
            Issue.record("it is not the caller's fault")
            return
        }
    }

    @Test func oneThatNobodyWaitsForEnds() async throws {
        let folder = try TemporaryFolder()
        let database = try database(folder, limits())
        // Two run; the others wait.
        let readers = (0..<40).map { _ in Task { await count(database, for: 1) } }
        try await Task.sleep(for: .milliseconds(100))
        for reader in readers { reader.cancel() }
        let start = ContinuousClock.now
        for reader in readers { #expect(await reader.value == .abandoned) }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try await one(database, .long(of: OrganizationID(1))) == 1)
    }

    @Test func shortReadsAndOtherOrganizationsDoNotWait() async throws {
        let folder = try TemporaryFolder()
        let database = try database(folder, limits(patience: .milliseconds(300)))
        let readers = (0..<10).map { _ in Task { await count(database, for: 1) } }
        try await Task.sleep(for: .milliseconds(50))
        #expect(try await one(database) == 1)
        #expect(try await one(database, .long(of: OrganizationID(2))) == 1)
        #expect(await count(database, waitingAs: 1) == .busy)
        // With the second organization's two, only short reads get a reader.
        let others = (0..<2).map { _ in Task { await count(database, for: 2) } }
        try await Task.sleep(for: .milliseconds(50))
        #expect(await count(database, waitingAs: 3) == .busy)
        #expect(try await one(database) == 1)
        for reader in readers + others { reader.cancel() }
        let ends = await withTaskGroup(of: RepositoryError?.self) { group in
            for reader in readers { group.addTask { await reader.value } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends.count { $0 == .busy } == 8 && ends.count { $0 == .abandoned } == 2)
    }

    private func count(_ database: SQLiteDatabase, waitingAs organization: Int64) async -> RepositoryError? {
        await count(database, for: organization)
    }

    /// Without a limit, the log grows for as long as some reader is always active.
    @Test(arguments: [(bound: 4000, isKept: true), (bound: 1_000_000, isKept: false)])
    func readersThatOverlapDoNotKeepTheLogGrowing(bound: Int, isKept: Bool) async throws {
        let folder = try TemporaryFolder()
        var limits = limits()
        limits.logPages = bound
        let database = try database(folder, limits)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)", [])
        }
        let longest = try await withThrowingTaskGroup(of: Void.self) { group in
            for organization in 1...4 {
                group.addTask {
                    try await Task.sleep(for: .milliseconds(40 * organization))
                    while !Task.isCancelled { try? await holdAReader(database, for: Int64(organization)) }
                }
            }
            let longest = try await writeMuch(database, folder.file("test.sqlite-wal"))
            group.cancelAll()
            return longest
        }
        #expect((longest < 3 * 4000 * 4096) == isKept, "\(longest) bytes")
        #expect(try await rows(database) == 2000)
    }

    /// Checkpoints beside the writer copy a log that goes on growing, so now and then the writer has to finish.
    @Test func steadyWritesKeepTheLogShort() async throws {
        let folder = try TemporaryFolder()
        let database = try database(folder, limits())
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)", [])
        }
        let longest = try await writeMuch(database, folder.file("test.sqlite-wal"))
        #expect(longest > 2500 * 4096 && longest < 3000 * 4096, "\(longest) bytes")
    }

    /// Reads one snapshot of the database for 160 ms.
    private func holdAReader(_ database: SQLiteDatabase, for organization: Int64) async throws {
        try await database.read(.long(of: OrganizationID(organization))) { connection throws(RepositoryError) in
            _ = try connection.rows("SELECT max(a) FROM t", []) { row in row.integer(0) }
            Thread.sleep(forTimeInterval: 0.16)
        }
    }

    /// Writes 2,000 rows of 48 KiB, one at a time: some 24,000 pages. Returns the log's maximum size.
    private func writeMuch(_ database: SQLiteDatabase, _ log: String) async throws -> Int {
        var longest = 0
        for number in 0..<2000 {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute(
                    "INSERT INTO t (a, b) VALUES ($1, zeroblob(49152))", [.integer(Int64(number))])
            }
            let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
            longest = max(longest, size ?? 0)
        }
        return longest
    }

    private func rows(_ database: SQLiteDatabase) async throws -> Int64? {
        try await database.read(.short) { connection throws(RepositoryError) in
            try connection.row("SELECT count(*) FROM t", []) { row in row.integer(0) }
        }
    }
}
