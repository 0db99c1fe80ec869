import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct SealedAnswerTests {
    private func delivered(_ world: TestWorld) async throws -> DeliveryID {
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
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
            try connection.row("SELECT answer FROM attempts", []) { row in row.blob(0) }
        }
        let sealed = try #require(kept)
        #expect(sealed.count >= 33 && !sealed.starts(with: Array("ok".utf8)))
        // Moved to another row it does not open, and the attempt is shown without it.
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
            try connection.execute("UPDATE sealing_keys SET sealed_key = $1", [.blob(Array("damaged".utf8))])
        }
        #expect(try await world.deliveries.record(world.result(delivery, .delivered)).isOurs)
        let found = try await world.repository.delivery(delivery.id, of: world.organization, as: world.owner)
        #expect(found.delivery.state == .delivered)
        #expect(found.attempts.map(\.verdict) == ["delivered"] && found.attempts.first?.answer == nil)
    }
}
