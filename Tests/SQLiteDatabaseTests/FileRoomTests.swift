import Foundation
import Notifications
import Repository
import SQLiteDatabase
import TestSupport
import Testing

@Suite struct FileRoomTests {
    private func size(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    /// Two thousand events of eight kilobytes.
    private func fill(_ database: SQLiteDatabase, at start: Timestamp) async throws {
        try await database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                """
                INSERT INTO events (organization_id, event_id, sequence, type, payload, received_at, channels)
                VALUES (1, $1, $2, 'test.started', $3, $4, 0)
                """,
                (1...2000).map { number in
                    let at = start + .milliseconds(number)
                    return [
                        SQLValue(EventID(at: at)), SQLValue(number), SQLValue(String(repeating: "x", count: 8000)),
                        SQLValue(at),
                    ]
                })
        }
    }

    /// What retention deletes becomes free space in the file first, and on the disk piece by piece.
    @Test func whatIsDeletedBecomesRoom() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("runbell.db")
        let database = try SQLiteDatabase(path: path)
        try await database.migrate()
        let start = Timestamp(seconds: 1_795_000_000)
        let stores = Stores(
            database: database, kinds: .standard(), masterKey: MasterKey(), now: { start + .seconds(86_400 * 91) })
        let organization = try await Tenant(in: stores.repository).organization
        try await fill(database, at: start)
        let full = try await database.room()
        #expect(full.size > 16_000_000 && full.free < full.size / 10)
        var cursor: EventID?
        repeat {
            cursor = try await stores.maintenance.pruneEvents(of: organization, after: cursor).next
        } while cursor != nil
        let freed = try await database.room()
        #expect(freed.free > 15_000_000 && freed.size == full.size)
        try await database.giveBack(pages: 100)
        let piece = try await database.room()
        #expect(freed.free - piece.free == 100 * 4096 && freed.size - piece.size >= 100 * 4096)
        while try await database.room().free > 0 { try await database.giveBack(pages: 100) }
        #expect(try await database.room().size < full.size / 10)
        // By now checkpoints have truncated the file, except for the pages that are still in the log.
        #expect(try size(path) < full.size / 2)
        try database.close()
        #expect(try size(path) < full.size / 10)
    }
}
