import Foundation
import Notifications
import Repository
import SQLiteDatabase
import Testing

@Suite struct FileRoomTests {
    private func size(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    /// Two thousand events of eight kilobytes.
    private func fill(_ world: TestWorld) async throws {
        try await world.database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                """
                INSERT INTO events (organization_id, event_id, sequence, type, payload, received_at, channels)
                VALUES (1, $1, $2, 'test.started', $3, $4, 0)
                """,
                (1...2000).map { number in
                    let at = world.clock.now + .milliseconds(number)
                    return [
                        SQLValue(EventID(at: at)), SQLValue(number), SQLValue(String(repeating: "x", count: 8000)),
                        SQLValue(at),
                    ]
                })
        }
    }

    /// What retention deletes becomes room in the file first, and on the disk piece by piece.
    @Test func whatIsDeletedBecomesRoom() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("runbell.db")
        let world = try await TestWorld(path: path)
        try await fill(world)
        let full = try await world.database.room()
        #expect(full.size > 16_000_000 && full.free < full.size / 10)
        world.clock.advance(by: .seconds(86_400 * 91))
        var cursor: EventID?
        repeat {
            cursor = try await world.maintenance.pruneEvents(of: world.organization, after: cursor).next
        } while cursor != nil
        let freed = try await world.database.room()
        #expect(freed.free > 15_000_000 && freed.size == full.size)
        try await world.database.giveBack(pages: 100)
        let piece = try await world.database.room()
        #expect(freed.free - piece.free == 100 * 4096 && freed.size - piece.size >= 100 * 4096)
        while try await world.database.room().free > 0 { try await world.database.giveBack(pages: 100) }
        #expect(try await world.database.room().size < full.size / 10)
        // Checkpoints have cut the file off by now, but for the pages that are in the log.
        #expect(try size(path) < full.size / 2)
        try world.database.close()
        #expect(try size(path) < full.size / 10)
    }
}
