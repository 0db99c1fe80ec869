import Notifications
import Repository
import SQLiteDatabase
import Testing

/// What the rule "the end of a run waits for its start" costs.
@Suite struct OrderTests {
    /// Starts and ends of runs at a receiver that is away: all starts wait for their second attempt, all ends for them.
    private func claims(runs: (Int64) -> Int64) async throws -> Duration {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let batch: [EventContent] = (0..<600).flatMap { number -> [EventContent] in
            let id = runs(Int64(number))
            return [.testStarted(TestWorld.run(id)), .testFinished(TestWorld.run(id, status: .finished))]
        }
        _ = try await world.repository.accept(batch: batch, as: world.service())
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                UPDATE deliveries SET attempts = 1, due_at = due_at + 5000000
                WHERE event_id IN (SELECT event_id FROM events WHERE type = 'test.started')
                """, [])
        }
        let lane = Lane(organizationID: world.organization, channelID: channel.id)
        return try await ContinuousClock().measure {
            for _ in 0..<10 {
                let claims = try await world.repository.claim([(lane, 8)], owner: "test", lease: .seconds(30))
                #expect(claims.flatMap(\.deliveries).isEmpty)
            }
        }
    }

    @Test func theEndsOfManyRunsWaitWithoutReadingEverything() async throws {
        #expect(try await claims { $0 } < .seconds(2))
    }

    @Test func theEndsOfOneRunWaitWithoutReadingEverything() async throws {
        #expect(try await claims { _ in 42 } < .seconds(2))
    }
}
