import Notifications
import Repository
import SQLiteDatabase
import Testing

/// What the rule "the end of a run waits for its start" costs.
@Suite struct OrderTests {
    /// The quickest of ten claims, since the machine may be busy with other tests.
    ///
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
        var times: [Duration] = []
        for _ in 0..<10 {
            let start = ContinuousClock.now
            let claims = try await world.repository.claim([(lane, 8)], owner: "test", lease: .seconds(30))
            times.append(ContinuousClock.now - start)
            #expect(claims.flatMap(\.deliveries).isEmpty)
        }
        return try #require(times.min())
    }

    @Test func theEndsOfManyRunsWaitWithoutReadingEverything() async throws {
        #expect(try await claims { $0 } < .milliseconds(200))
    }

    @Test func theEndsOfOneRunWaitWithoutReadingEverything() async throws {
        #expect(try await claims { _ in 42 } < .milliseconds(200))
    }
}
