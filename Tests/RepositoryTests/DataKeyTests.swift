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
}
