import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct DataKeyTests {
    /// A data key created in a transaction that is rolled back must not be used again: what it sealed would be lost.
    @Test func settingsOpenAfterTheFirstSaveFailed() async throws {
        let world = try await TestWorld()
        try await world.database.refuseInserts(
            into: "audit_entries",
            when: "new.action = 'channel.created' AND new.at = \(world.clock.now.microseconds)")
        await #expect(throws: RepositoryError.self) { try await world.channel() }
        world.clock.advance(by: .seconds(1))
        let saved = try await world.channel()
        let later = Stores(
            database: world.database, kinds: .standard(), masterKey: world.masterKey, now: { world.clock.now })
        let read = try await later.repository.channel(saved.id, of: world.organization, as: world.owner)
        #expect(read.settings == saved.settings)
    }

    /// The same for answers, which are encrypted before their transaction with a key that an earlier one has read.
    @Test func answersOpenAfterTheFirstResultsWereNotWritten() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        let deliveries = try await world.claim(channel)
        // The next transaction that needs a key makes one.
        try await world.database.execute("DELETE FROM sealing_keys")
        try await world.database.refuseInserts(
            into: "channel_hours", when: "new.hour = \(world.clock.now.microseconds / 3_600_000_000)")
        await #expect(throws: RepositoryError.self) {
            try await world.deliveries.record(world.result(deliveries[0], .delivered))
        }
        world.clock.advance(by: .seconds(3600))
        for delivery in deliveries { _ = try await world.deliveries.record(world.result(delivery, .delivered)) }
        let later = Stores(
            database: world.database, kinds: .standard(), masterKey: world.masterKey, now: { world.clock.now })
        for delivery in deliveries {
            let found = try await later.repository.delivery(delivery.id, of: world.organization, as: world.owner)
            #expect(found.attempts.first?.answer == Array("ok".utf8))
        }
    }
}
