import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct PausingTests {
    private func dueTimes(_ world: TestWorld) async throws -> [Duration] {
        try await world.repository.deliveries(
            of: world.organization, filter: DeliveryFilter(state: .due), page: PageRequest(), as: world.owner
        ).items.sorted { $0.id < $1.id }.compactMap { $0.dueAt.map { $0 - world.clock.now } }
    }

    @Test func whatIsAcceptedWhilePausedWaitsAndGoesPacedOldestFirst() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let paused = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        #expect(paused.state == .paused && paused.version == 2)
        for run in 1...3 {
            world.clock.advance(by: .seconds(1))
            _ = try await world.repository.accept(
                .testStarted(.sample(Int64(run))), idempotencyKey: nil, as: try await world.service())
        }
        #expect(try await world.states() == [.due, .due, .due])
        #expect(try await world.claim(channel).isEmpty)
        world.clock.advance(by: .seconds(60))
        let resumed = try await world.repository.resumeChannel(
            channel.id, of: world.organization, skipOlderThan: nil, as: world.owner)
        #expect(resumed.state == .enabled && resumed.version == 3)
        #expect(try await dueTimes(world) == [.zero, .milliseconds(200), .milliseconds(400)])
        #expect(try await world.claim(channel).compactMap { $0.content.run?.id.value } == [1])
    }

    @Test func theChannelsOwnRateIsTheSlowerPace() async throws {
        let world = try await TestWorld()
        let channel = try await world.repository.createChannel(in: world.organization, as: world.owner) {
            () throws(InvalidInput) in
            var draft = ChannelDraft.webHook()
            draft.maxPerMinute = 6
            return draft
        }
        #expect(channel.maxPerMinute == 6)
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        try await world.post(2)
        _ = try await world.repository.resumeChannel(
            channel.id, of: world.organization, skipOlderThan: nil, as: world.owner)
        #expect(try await dueTimes(world).sorted() == [.zero, .seconds(10)])
    }

    /// Otherwise each change would allow another burst.
    @Test func aChannelThatIsChangedKeepsItsPace() async throws {
        let world = try await TestWorld()
        let paced = { @Sendable (url: String) in
            var draft = ChannelDraft.webHook(url: url)
            draft.maxPerMinute = 6
            return draft
        }
        let channel = try await world.repository.createChannel(in: world.organization, as: world.owner) {
            () throws(InvalidInput) in paced("https://one.example.org/")
        }
        try await world.post(20)
        let burst = try await world.claim(channel, limit: 20).count
        #expect(burst > 0 && burst < 20)
        let changed = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in paced("https://two.example.org/") }
        #expect(try await world.claim(changed, limit: 20).isEmpty)
        world.clock.advance(by: .seconds(10))
        #expect(try await world.claim(changed, limit: 20).count == 1)
    }

    @Test func aRetryThatLiesAheadKeepsItsTime() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(delivery, .retry(Finding("http.503", "Busy."), after: nil)))
        let before = try await dueTimes(world)
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        _ = try await world.repository.resumeChannel(
            channel.id, of: world.organization, skipOlderThan: nil, as: world.owner)
        #expect(try await dueTimes(world) == before && before != [.zero])
    }

    @Test func olderEventsAreSkippedWhenAskedFor() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        try await world.post()
        world.clock.advance(by: .seconds(60))
        let limit = world.clock.now
        try await world.post()
        _ = try await world.repository.resumeChannel(
            channel.id, of: world.organization, skipOlderThan: limit, as: world.owner)
        #expect(try await world.states() == [.due, .skipped])
        let entry = try #require(try await world.auditEntries().last)
        #expect(entry.action == "channel.resumed")
        #expect(entry.detail.contains(#""skipped":1,"released":1"#))
    }

    @Test func onlyTheRightStateIsTaken() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        await #expect(throws: RepositoryError.conflict("The channel is enabled; only a paused one can be resumed.")) {
            try await world.repository.resumeChannel(
                channel.id, of: world.organization, skipOlderThan: nil, as: world.owner)
        }
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        await #expect(throws: RepositoryError.conflict("The channel is paused; only an enabled one can be paused.")) {
            try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        }
        let member = try await world.member(3, .member)
        await #expect(throws: RepositoryError.forbidden(Permission.administer.requirement)) {
            try await world.repository.pauseChannel(channel.id, of: world.organization, as: member)
        }
    }

    @Test(arguments: [true, false])
    func replacingKeepsThePauseUnlessItDisables(_ isEnabled: Bool) async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        let replaced = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook("Renamed", isEnabled: isEnabled) }
        #expect(replaced.state == (isEnabled ? .paused : .disabled))
    }

    @Test func restoringAnEarlierRevisionDoesNotEndThePause() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        let restored = try await world.repository.restore(
            revision: 1, of: channel.id, in: world.organization, as: world.owner)
        #expect(restored.state == .paused)
    }
}
