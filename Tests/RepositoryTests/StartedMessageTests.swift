import Notifications
import TestSupport
import Testing

@testable import Repository

/// The message about a run's start, which the end of the run at the same channel refers to.
@Suite(.everyEngine) struct StartedMessageTests {
    private static let url = "https://discord.com/api/webhooks/417429632418316298/" + String(repeating: "d", count: 68)

    private static func draft(_ url: String = url, replaces: Bool = true, name: String = "Discord") -> ChannelDraft {
        var settings = ChannelSettings()
        settings["url"] = .string(url)
        settings["replace"] = .bool(replaces)
        return ChannelDraft(kind: "discord", name: name, settings: settings)
    }

    private func channel(_ world: TestWorld, replaces: Bool = true) async throws -> Channel {
        try await world.repository.createChannel(in: world.organization, as: world.owner) { () throws(InvalidInput) in
            Self.draft(replaces: replaces)
        }
    }

    /// Delivers the start of run 1 under an id, and posts its end.
    private func started(
        _ world: TestWorld, at channel: Channel, as message: SentMessage = .named("13"),
        _ verdict: Verdict = .delivered
    ) async throws -> ClaimedDelivery {
        try await world.post()
        let start = try #require(try await world.claim(channel).first)
        #expect(start.startedMessage == nil)
        _ = try await world.deliveries.record(world.result(start, verdict, message: message))
        try await world.postEnds(1)
        return start
    }

    private func end(_ world: TestWorld, at channel: Channel) async throws -> ClaimedDelivery {
        world.clock.advance(by: .seconds(60))
        let claimed = try await world.claim(channel)
        return try #require(claimed.first { $0.content.type == .testFinished })
    }

    private func stored(_ world: TestWorld) async throws -> [[UInt8]] {
        try await world.database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT message FROM deliveries WHERE message IS NOT NULL", []) { row in row.blob(0) }
        }
    }

    @Test func theEndHasIt() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        let start = try await started(world, at: channel)
        let end = try await end(world, at: channel)
        #expect(end.startedMessage?.id == "13" && end.startedMessage?.delivery == start.id)
        // It is kept in one place, and nobody can read it there.
        let stored = try await stored(world)
        #expect(stored.count == 1 && stored[0].count >= 33 + 32 + 2)
    }

    @Test func anIdMovedToAnotherDeliveryDoesNotOpen() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        let start = try await started(world, at: channel)
        try await world.post([.testStarted(.sample(1))], as: world.service())
        world.clock.advance(by: .seconds(60))
        let second = try #require(try await world.claim(channel).first { $0.content.type == .testStarted })
        #expect(second.id != start.id)
        try await world.database.execute(
            """
            UPDATE deliveries SET message = (SELECT message FROM deliveries WHERE delivery_id = \(start.id.literal))
            WHERE delivery_id = \(second.id.literal)
            """)
        _ = try await world.deliveries.record(world.result(second, .delivered))
        try await world.restart()
        #expect(try await end(world, at: channel).startedMessage == nil)
    }

    @Test func withoutTheSettingThereIsNone() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world, replaces: false)
        _ = try await started(world, at: channel)
        #expect(try await end(world, at: channel).startedMessage == nil)
    }

    @Test(arguments: [Verdict.refused(Finding("http.400", "No.")), .retry(Finding("http.503", "Busy."), after: nil)])
    func aStartThatWasNotDeliveredHasNone(_ verdict: Verdict) async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        _ = try await started(world, at: channel, as: .unnamed, verdict)
        world.clock.advance(by: .seconds(60))
        _ = try await world.claim(channel)
        try await world.restart()
        #expect(try await world.claim(channel).allSatisfy { $0.startedMessage == nil })
    }

    @Test func neitherAnotherRunNorAnotherChannelHasIt() async throws {
        let world = try await TestWorld()
        let (channel, other) = (try await channel(world), try await channel(world))
        _ = try await started(world, at: channel)
        try await world.post([.testFinished(.sample(2))], as: world.service())
        world.clock.advance(by: .seconds(60))
        let ends = try await world.claim(channel).filter { $0.content.type == .testFinished }
        #expect(
            ends.map { "\($0.content.run?.id.value ?? 0) \($0.startedMessage?.id ?? "none")" } == ["1 13", "2 none"])
        #expect(try await world.claim(other).allSatisfy { $0.startedMessage == nil })
    }

    @Test("A channel that leads elsewhere now does not use it, and one with another name does")
    func theChannelWasChanged() async throws {
        for (url, expected) in [(Self.url, "13"), (Self.url + "x", nil)] as [(String, String?)] {
            let world = try await TestWorld()
            let channel = try await channel(world)
            _ = try await started(world, at: channel)
            _ = try await world.repository.replaceChannel(
                channel.id, of: world.organization, version: nil, as: world.owner
            ) { _ throws(InvalidInput) in Self.draft(url, name: "Renamed") }
            #expect(try await end(world, at: channel).startedMessage?.id == expected)
        }
    }

    @Test func theNewestStartCounts() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        for id in ["13", "14"] {
            try await world.post()
            world.clock.advance(by: .seconds(60))
            let start = try #require(try await world.claim(channel).first)
            _ = try await world.deliveries.record(world.result(start, .delivered, message: .named(id)))
        }
        try await world.postEnds(1)
        #expect(try await end(world, at: channel).startedMessage?.id == "14")
    }

    @Test("What the service no longer has is forgotten: the next attempt stands alone")
    func aMessageThatIsGone() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        _ = try await started(world, at: channel)
        let first = try await end(world, at: channel)
        #expect(first.startedMessage != nil)
        let gone = Verdict.retry(Finding("started_message_gone", "Gone."), after: nil)
        _ = try await world.deliveries.record(world.result(first, gone, failure: .stale, message: .unknown))
        #expect(try await stored(world).isEmpty)
        let second = try await end(world, at: channel)
        #expect(second.id == first.id && second.attempt == 2 && second.startedMessage == nil)
    }

    @Test("A damaged data key keeps no result from being written: it goes without the id")
    func aDamagedDataKeyLosesOnlyTheId() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        try await world.post()
        let start = try #require(try await world.claim(channel).first)
        try await world.database.execute(#"UPDATE sealing_keys SET sealed_key = bytea '\x64616d61676564'"#)
        #expect(try await world.deliveries.record(world.result(start, .delivered, message: .named("13"))).isOurs)
        #expect(try await stored(world).isEmpty)
    }

    @Test func aResultThatIsNotOursChangesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        try await world.post()
        let start = try #require(try await world.claim(channel).first)
        try await world.restart()
        #expect(try await !world.deliveries.record(world.result(start, .delivered, message: .named("13"))).isOurs)
        #expect(try await stored(world).isEmpty)
    }

    @Test func itIsFoundByIndexes() async throws {
        // Plans of PostgreSQL depend on how much is in a table.
        guard TestEngine.current.dialect == .sqlite else { return }
        let world = try await TestWorld()
        let steps = try await world.database.write { connection throws(RepositoryError) in
            try connection.rows("EXPLAIN QUERY PLAN " + Transaction.messagesOfStarts, [1, 1, "c"]) { row in row.text(3)
            }
        }
        #expect(!steps.contains { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN started") || $0.contains("TEMP B-TREE") })
        #expect(steps.contains { $0.contains("events_of_run (organization_id=? AND load_test_run_id=? AND type=?)") })
        #expect(steps.contains { $0.hasPrefix("SEARCH b USING") && $0.contains("event_id=? AND channel_id=?") })
    }
}
