import Notifications
import Repository
import TestSupport
import Testing

/// Unreadable rows do not hold up others.
@Suite(.everyEngine) struct SettingAsideTests {
    private func claim(_ channel: Channel, in world: TestWorld) async throws -> QueueClaim {
        let queue = ChannelQueue(organizationID: world.organization, channelID: channel.id)
        return try #require(
            try await world.deliveries.claim([(queue, 8)], owner: "test", lease: .seconds(30)).first)
    }

    private func texts(_ event: EventID, _ world: TestWorld) async throws -> [String: String] {
        let outcomes = try await world.repository.event(event, of: world.organization, as: world.owner).outcomes
        return Dictionary(outcomes.map { ($0.channelName, $0.text) }) { $1 }
    }

    private func post(_ world: TestWorld, _ run: Int64 = 1) async throws -> EventID {
        try await world.repository.accept(
            .testStarted(.sample(run)), idempotencyKey: nil, as: try await world.service()
        ).eventID
    }

    @Test func whatCanBeReadIsNotSetAside() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        #expect(try await claim(channel, in: world).setAside == 0)
        _ = try await post(world)
        let claim = try await claim(channel, in: world)
        #expect(claim.deliveries.count == 1 && claim.setAside == 0)
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        let paused = try await self.claim(channel, in: world)
        #expect(paused.deliveries.isEmpty && paused.setAside == 0)
    }

    static let damages = [
        #"UPDATE channels SET settings = bytea '\x00' WHERE name = 'Damaged'"#,
        "UPDATE channels SET subscription = '{' WHERE name = 'Damaged'",
    ]

    @Test(arguments: damages) func aChannelThatCannotBeReadIsDisabledAndSaysWhy(_ damage: String) async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("Damaged")
        let event = try await post(world)
        try await world.database.execute(damage)
        let claim = try await claim(channel, in: world)
        #expect(claim.deliveries.isEmpty && claim.setAside == 1 && claim.nextDueAt == nil)
        let text = try #require(try await texts(event, world)["Damaged"])
        #expect(text.hasPrefix("Skipped because Runbell disabled the channel on "))
        #expect(text.contains("The channel's saved settings cannot be read"))
        let entry = try #require(try await world.auditEntries().last)
        #expect(entry.actor == "system" && entry.action == "channel.disabled")
        #expect(try await world.states() == [.skipped])
    }

    /// It waited for the start, which is set aside in the same transaction.
    @Test func theEndOfARunWhoseStartCannotBeReadIsNext() async throws {
        let world = try await TestWorld(contentKept: 0)
        let channel = try await world.channel()
        _ = try await post(world)
        _ = try await world.repository.accept(
            .testFinished(.sample(1)), idempotencyKey: nil, as: try await world.service())
        try await world.database.execute("UPDATE events SET payload = '{' WHERE type = 'test.started'")
        let first = try await claim(channel, in: world)
        #expect(first.deliveries.isEmpty && first.setAside == 1 && first.nextDueAt == world.clock.now)
        #expect(try await claim(channel, in: world).deliveries.map(\.content.type) == [.testFinished])
    }

    @Test func aChannelWhoseSubscriptionCannotBeReadStopsNoEvent() async throws {
        let world = try await TestWorld()
        _ = try await world.channel("Good")
        _ = try await world.channel("Damaged")
        try await world.database.execute(Self.damages[1])
        _ = try await post(world)
        #expect(try await world.states() == [.due, .due])
    }

    @Test func allChannelsAreShownAndOneThatIsDamagedCanBeEnteredAnew() async throws {
        let world = try await TestWorld()
        _ = try await world.channel("Good")
        let channel = try await world.channel("Damaged")
        _ = try await post(world)
        try await world.database.execute(Self.damages[0])
        _ = try await claim(channel, in: world)
        let shown = try await world.repository.channels(
            of: world.organization, page: PageRequest(), as: world.owner)
        #expect(shown.items.map(\.isReadable).sorted { $0 && !$1 } == [true, false])
        await #expect(throws: RepositoryError.self) {
            try await world.repository.replaceChannel(
                channel.id, of: world.organization, version: nil, as: world.owner
            ) { saved throws(InvalidInput) in
                ChannelDraft(kind: saved.kind, name: saved.name, settings: saved.settings)
            }
        }
        let again = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook() }
        #expect(again.state == .enabled)
        _ = try await post(world, 2)
        #expect(try await world.claim(channel).count == 1)
    }

    @Test func whatIsDamagedIsNotOverwrittenAndCanBeRemoved() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("Damaged")
        _ = try await post(world)
        try await world.database.execute(Self.damages[0])
        _ = try await claim(channel, in: world)
        let kept = try await world.database.write { connection throws(RepositoryError) in
            try connection.row("SELECT settings FROM channels", []) { row in row.blob(0) }
        }
        #expect(kept == [0])
        await #expect(throws: RepositoryError.self) {
            try await world.repository.restore(
                revision: 2, of: channel.id, in: world.organization, as: world.owner)
        }
        let restored = try await world.repository.restore(
            revision: 1, of: channel.id, in: world.organization, as: world.owner)
        #expect(restored.settings == channel.settings && restored.state == .enabled)
        try await world.database.execute(Self.damages[0])
        _ = try await world.repository.planRemoval(
            of: channel.id, in: world.organization, version: nil, as: world.owner)
        world.clock.advance(by: Repository.removalDelay)
        try await world.maintenance.removePlannedChannels()
        let left = try await world.repository.channels(of: world.organization, page: PageRequest(), as: world.owner)
        #expect(left.items.isEmpty)
    }

    @Test func whatWasJustAcceptedIsSentAsItWasAccepted() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await post(world)
        try await world.database.execute("UPDATE events SET payload = '{'")
        #expect(try await claim(channel, in: world).deliveries.map(\.content) == [.testStarted(.sample(1))])
    }

    @Test func anEventThatCannotBeReadIsSetAsideAndTheOthersGo() async throws {
        let world = try await TestWorld(contentKept: 0)
        let channel = try await world.channel()
        let event = try await post(world)
        _ = try await post(world, 2)
        try await world.database.execute("UPDATE events SET payload = '{' WHERE event_id = \(event.literal)")
        let claim = try await claim(channel, in: world)
        #expect(claim.deliveries.map(\.content.run?.id.value) == [2] && claim.setAside == 1)
        #expect(try await texts(event, world)["Hook"]?.hasPrefix("Set aside: ") == true)
        let entry = try #require(try await world.auditEntries().last)
        #expect(entry.actor == "system" && entry.action == "delivery.set_aside")
        let events = try await world.repository.events(
            of: world.organization, filter: EventFilter(), page: PageRequest(), as: world.owner)
        #expect(events.items.map(\.content).contains(.unreadable(.testStarted)))
    }

    @Test func aReplayPassesOverWhatCannotBeRead() async throws {
        let world = try await TestWorld()
        let event = try await post(world)
        _ = try await post(world, 2)
        try await world.database.execute("UPDATE events SET payload = '{' WHERE event_id = \(event.literal)")
        let channel = try await world.channel("Late")
        let request = ReplayRequest(
            channelID: channel.id, since: world.clock.now - .seconds(60), until: world.clock.now + .seconds(1),
            selection: [.missing])
        try await world.database.execute("UPDATE channels SET created_at = created_at + 1000000")
        let replay = try await world.repository.startReplay(request, in: world.organization, as: world.owner)
        let progress = try await world.deliveries.advanceReplay(replay.id, of: world.organization)
        #expect(progress?.requeued == 1 && progress?.setAside == 1)
        let report = try await world.repository.replay(replay.id, of: world.organization, as: world.owner)
        #expect(report.replay.state == .finished && report.replay.skipped == 1)
        #expect(try await world.auditEntries().contains { $0.action == "event.set_aside" })
    }

    @Test func aReplayToAChannelThatCannotBeReadIsPaused() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("Damaged")
        let request = ReplayRequest(
            channelID: channel.id, since: world.clock.now - .seconds(60), until: world.clock.now + .seconds(1),
            selection: [.missing])
        let replay = try await world.repository.startReplay(request, in: world.organization, as: world.owner)
        try await world.database.execute(Self.damages[0])
        #expect(try await world.deliveries.advanceReplay(replay.id, of: world.organization) == nil)
        let report = try await world.repository.replay(replay.id, of: world.organization, as: world.owner)
        #expect(report.replay.state == .paused)
    }
}
