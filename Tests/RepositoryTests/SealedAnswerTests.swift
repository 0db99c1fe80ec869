import Notifications
import Repository
import SQLiteDatabase
import Testing

@Suite struct SealedAnswerTests {
    private func delivered(_ world: TestWorld) async throws -> DeliveryID {
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.repository.record(world.result(delivery, .delivered))
        return delivery.id
    }

    private func answer(_ id: DeliveryID, _ world: TestWorld) async throws -> [UInt8]? {
        try await world.repository.delivery(id, of: world.organization, as: world.owner).attempts.first?.answer
    }

    @Test func answersAreSealedAtRest() async throws {
        let world = try await TestWorld()
        let id = try await delivered(world)
        #expect(try await answer(id, world) == Array("ok".utf8))
        let kept = try await world.database.read { connection throws(RepositoryError) in
            try connection.row("SELECT answer IS NULL, sealed_answer FROM attempts", []) { row in
                (row.integer(0), row.blob(1))
            }
        }
        #expect(kept?.0 == 1 && (kept?.1.count ?? 0) >= 33)
        // Moved to another place it does not open, and the attempt is told without it.
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute("UPDATE attempts SET number = 2", [])
        }
        #expect(try await answer(id, world) == nil)
    }

    @Test("A damaged data key keeps no result from being written: it goes without the answer")
    func aDamagedDataKeyLosesOnlyTheAnswer() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute("UPDATE sealing_keys SET sealed_key = CAST('damaged' AS BLOB)", [])
        }
        #expect(try await world.repository.record(world.result(delivery, .delivered)).isOurs)
        let found = try await world.repository.delivery(delivery.id, of: world.organization, as: world.owner)
        #expect(found.delivery.state == .delivered)
        #expect(found.attempts.map(\.verdict) == ["delivered"] && found.attempts.first?.answer == nil)
    }

    @Test func answersInClearAreNotShownAndGoInPieces() async throws {
        let world = try await TestWorld()
        let id = try await delivered(world)
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute("UPDATE attempts SET sealed_answer = NULL, answer = CAST('secret' AS BLOB)", [])
            for number in 2...600 {
                try connection.execute(
                    """
                    INSERT INTO attempts (organization_id, delivery_id, number, started_at, duration, verdict, answer)
                    SELECT organization_id, delivery_id, \(number), 0, 0, 'retry', answer FROM attempts WHERE number = 1
                    """, [])
            }
        }
        #expect(try await answer(id, world) == nil)
        #expect(try await world.repository.eraseAnswersInClear() == 500)
        #expect(try await world.repository.eraseAnswersInClear() == 100)
        #expect(try await world.repository.eraseAnswersInClear() == 0)
    }
}
