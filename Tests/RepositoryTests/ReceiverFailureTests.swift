import Notifications
import Repository
import TestSupport
import Testing

/// Failing receivers: what is stored about them next to the channel, and who is told.
@Suite(.everyEngine) struct ReceiverFailureTests {
    private let away = Verdict.retry(Finding("connect", "No connection came about."), after: nil)

    /// Claims one delivery at a time and fails it; returns the queues that are due after the last result.
    private func fail(
        _ channel: Channel, times: Int, in world: TestWorld, _ verdict: Verdict? = nil,
        as failure: ChannelHealth.Failure = .absent
    ) async throws -> [DueQueue] {
        var due: [DueQueue] = []
        for _ in 0..<times {
            let delivery = try #require(try await world.claim(channel, limit: 1).first)
            due = try await world.deliveries.record(world.result(delivery, verdict ?? away, failure: failure)).due
        }
        return due
    }

    private func fallback(in world: TestWorld) async throws -> Channel {
        let channel = try await world.channel(
            "Fallback", subscription: Subscription(reading: ["events": ["test.notification_channel"]]))
        try await world.database.execute("UPDATE organizations SET fallback_channel_id = \(channel.id.literal)")
        return channel
    }

    @Test func anOpenCircuitLetsOneProbeGo() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(10)
        _ = try await fail(channel, times: 5, in: world)
        #expect(try await world.claim(channel).isEmpty)
        world.clock.advance(by: .seconds(30))
        #expect(try await world.claim(channel).count == 1)
        world.clock.advance(by: .seconds(30))
        #expect(try await world.claim(channel).isEmpty)
    }

    @Test func aProbeThatArrivesLetsTheOthersGo() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(10)
        _ = try await fail(channel, times: 5, in: world)
        world.clock.advance(by: .seconds(30))
        let probe = try #require(try await world.claim(channel).first)
        let recorded = try await world.deliveries.record(world.result(probe, .delivered))
        #expect(recorded.due.contains { $0.queue.channelID == channel.id && $0.dueAt <= world.clock.now })
        #expect(try await world.claim(channel).count > 1)
    }

    @Test func aLocalFaultHoldsTheChannelAndUsesNoAttemptUp() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(10)
        _ = try await fail(channel, times: 4, in: world)
        let cutOff = Verdict(failure: .local(.network, "There is no way."))
        for _ in 1...3 {
            let delivery = try #require(try await world.claim(channel, limit: 1).first)
            let recorded = try await world.deliveries.record(world.postponed(delivery, cutOff))
            #expect(recorded.due.map(\.dueAt) == [world.clock.now + .seconds(30)])
            #expect(try await world.claim(channel).isEmpty)
            world.clock.advance(by: .seconds(30))
        }
        // The circuit did not open after five, and nothing was counted: they are still first attempts.
        let claimed = try await world.claim(channel, limit: 20)
        #expect(claimed.map(\.attempt).sorted() == Array(repeating: 1, count: 6) + Array(repeating: 2, count: 4))
    }

    @Test func aStartEndsTheWaitForThisSideAndNotForTheReceiver() async throws {
        let world = try await TestWorld()
        let (here, there) = (try await world.channel("Here"), try await world.channel("There"))
        try await world.post(1)
        let forbidden = Verdict(failure: .local(.settings, "It is not allowed."))
        let busy = Verdict.retry(Finding("http.429", "Too many."), after: .seconds(60))
        let delivery = try #require(try await world.claim(here).first)
        _ = try await world.deliveries.record(world.postponed(delivery, forbidden))
        _ = try await fail(there, times: 1, in: world, busy, as: .failing)
        world.clock.advance(by: .seconds(59))
        #expect(try await world.claim(here).isEmpty)
        try await world.restart()
        #expect(try await world.claim(here).count == 1)
        #expect(try await world.claim(there).isEmpty)
    }

    @Test func silenceThatWasAskedForIsTheWholeChannels() async throws {
        let world = try await TestWorld()
        let (channel, other) = (try await world.channel("One"), try await world.channel("Two"))
        try await world.post(3)
        let busy = Verdict.retry(Finding("http.429", "Too many."), after: .seconds(60))
        _ = try await fail(channel, times: 1, in: world, busy, as: .failing)
        #expect(try await world.claim(channel).isEmpty)
        #expect(try await world.claim(other).count == 3)
        world.clock.advance(by: .seconds(60))
        #expect(try await world.claim(channel).count == 3)
    }

    @Test func theFallbackIsToldOfADisabledChannel() async throws {
        let world = try await TestWorld()
        let fallback = try await fallback(in: world)
        let channel = try await world.channel("Build", isEnabled: true)
        try await world.post()
        let gone = Verdict.gone(Finding("slack.no_service", "The webhook was removed."))
        let due = try await fail(channel, times: 1, in: world, gone, as: .failing)
        #expect(due.map(\.queue.channelID).contains(fallback.id))
        let told = try #require(try await world.claim(fallback).first)
        guard case .channelAlert(let alert) = told.content else {
            Issue.record("another event came: \(told.content)")
            return
        }
        #expect(alert.kind == .disabled && alert.channelName == "Build")
        #expect(alert.finding.text == "The webhook was removed.")
    }

    @Test func theFallbackIsToldOfACircuitThatStaysOpen() async throws {
        let world = try await TestWorld()
        let fallback = try await fallback(in: world)
        let channel = try await world.channel("Build")
        try await world.post(20)
        _ = try await fail(channel, times: 5, in: world)
        #expect(try await world.claim(fallback).isEmpty)
        world.clock.advance(by: .seconds(3700))
        _ = try await fail(channel, times: 1, in: world)
        #expect(try await world.claim(fallback).map(\.content.type) == [.channelUnreachable])
    }

    @Test(arguments: [true, false]) func aChannelThatMovesStaysTheFallbackIfItWas(isFallback: Bool) async throws {
        let world = try await TestWorld()
        let fallback = try await fallback(in: world)
        let channel = isFallback ? fallback : try await world.channel("Build")
        let moved = try await world.repository.moveChannel(channel.id, of: world.organization, as: world.owner) { _ in
            .webHook("Moved", url: "https://other.example.com/")
        }
        let organization = try await world.repository.organization(world.organization, as: world.owner)
        #expect(organization.fallbackChannelID == (isFallback ? moved.id : fallback.id))
    }

    @Test func nobodyIsToldOfTheFallbacksOwnAlert() async throws {
        let world = try await TestWorld()
        let fallback = try await fallback(in: world)
        _ = try await world.repository.accept(.testNotificationChannel, idempotencyKey: nil, as: world.service())
        _ = try await fail(fallback, times: 1, in: world, .gone(Finding("http.410", "Gone.")), as: .failing)
        let events = try await world.repository.events(
            of: world.organization, filter: EventFilter(), page: PageRequest(), as: world.owner)
        #expect(events.items.map(\.content.type) == [.testNotificationChannel])
    }

    @Test func aTestThatArrivesEnablesWhatTheServiceDisabled() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        _ = try await fail(channel, times: 1, in: world, .gone(Finding("http.410", "Gone.")), as: .failing)
        #expect(try await world.repository.testArrived(at: channel.id, of: world.organization, as: world.owner))
        let read = try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        #expect(read.state == .enabled && read.disabledReason == nil)
        #expect(try await world.auditEntries().last?.action == "channel.enabled")
    }

    @Test func aTestThatArrivesLeavesWhatAPersonDisabled() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel(isEnabled: false)
        #expect(try await !world.repository.testArrived(at: channel.id, of: world.organization, as: world.owner))
        let read = try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        #expect(read.state == .disabled)
    }

    @Test func aTestThatArrivesEnablesNothingThatIsGone() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        #expect(try await !world.repository.testArrived(at: channel.id, of: world.organization, as: world.owner))
    }

    @Test func anotherAddressIsTriedAtOnce() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(10)
        _ = try await fail(channel, times: 5, in: world)
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook(url: "https://other.example.com/hook") }
        #expect(try await world.claim(channel).count == 8)
    }

    @Test func anotherSecretIsNoOtherReceiver() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(10)
        _ = try await fail(channel, times: 5, in: world)
        _ = try await world.repository.rotateSecret(
            of: channel.id, in: world.organization, overlap: .zero, as: world.owner)
        #expect(try await world.claim(channel).isEmpty)
    }

    // MARK: Time in which it was not tried

    @Test func fiveDaysOfPauseDisableNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        _ = try await fail(channel, times: 1, in: world, as: .failing)
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        world.clock.advance(by: .seconds(6 * 86_400))
        _ = try await world.repository.resumeChannel(
            channel.id, of: world.organization, skipOlderThan: nil, as: world.owner)
        _ = try await fail(channel, times: 1, in: world, as: .failing)
        let read = try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        #expect(read.state == .enabled)
        #expect(try await health(channel, world)?.failingSince == world.clock.now - .seconds(6 * 86_400))
    }

    private func health(_ channel: Channel, _ world: TestWorld) async throws -> ReceiverHealth? {
        try await world.repository.channelWithHealth(channel.id, of: world.organization, as: world.owner).health
    }

    // MARK: What is stored

    @Test func whenSomethingArrivedLastIsKeptWhateverElseIsForgotten() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(7)
        #expect(try await health(channel, world) == nil)
        let delivery = try #require(try await world.claim(channel, limit: 1).first)
        _ = try await world.deliveries.record(world.result(delivery, .delivered))
        let success = world.clock.now
        world.clock.advance(by: .seconds(1))
        _ = try await fail(channel, times: 5, in: world)
        #expect(try await health(channel, world)?.circuit != nil)
        _ = try await world.repository.testArrived(at: channel.id, of: world.organization, as: world.owner)
        let known = try await health(channel, world)
        #expect(known == ReceiverHealth(failingSince: nil, circuit: nil, hold: nil, finding: nil, lastSuccess: success))
        let board = try await world.repository.channelBoard(
            of: world.organization, ChannelSearch(), opening: [], as: world.owner)
        #expect(board.lines.map(\.health?.lastSuccess) == [success])
    }

    @Test func anotherAddressIsTriedAtOnceByWhatWasRefusedToo() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        let busy = Verdict.retry(Finding("http.429", "Too many."), after: .seconds(86_400))
        _ = try await fail(channel, times: 1, in: world, busy, as: .failing)
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook(url: "https://other.example.com/hook") }
        #expect(try await world.claim(channel).map(\.attemptOfRound).sorted() == [1, 2])
    }
}
