import Notifications
import Repository
import TestSupport
import Testing

/// Deliveries that are claimed in the transaction that accepts their event.
@Suite(.everyEngine) struct ClaimingAtOnceTests {
    private func accept(
        _ content: EventContent = .testStarted(.sample(900)), key: String? = nil, for channels: [Channel],
        in world: TestWorld
    ) async throws -> Acceptance {
        try await world.repository.accept(
            content, idempotencyKey: key,
            claiming: ClaimPermit(channels: Set(channels.map(\.id)), owner: "test", lease: .seconds(30)),
            as: try await world.service())
    }

    /// A channel to which something has been delivered, so that its settings are kept.
    private func channelThatIsKnown(
        _ world: TestWorld, _ name: String = "Hook", subscription: Subscription = .everything
    ) async throws -> Channel {
        let channel = try await world.channel(name, subscription: subscription)
        _ = try await world.repository.accept(
            .testNotificationChannel, idempotencyKey: nil, as: try await world.service())
        let claimed = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(claimed, .delivered))
        return channel
    }

    @Test func whatIsClaimedAtOnceIsWhatAnOrdinaryClaimGives() async throws {
        let world = try await TestWorld()
        let channel = try await channelThatIsKnown(world)
        let acceptance = try await accept(for: [channel], in: world)
        let claimed = try #require(acceptance.claimed.first)
        #expect(acceptance.due == 1 && acceptance.dueQueues.isEmpty)
        #expect(try await world.states().first == .claimed)
        #expect(try await world.claim(channel).isEmpty)

        try await world.restart()
        let again = try #require(try await world.claim(channel).first)
        #expect(claimed.id == again.id && claimed.content == again.content && claimed.runLink == again.runLink)
        #expect(claimed.host == again.host && claimed.channel.settings == again.channel.settings)
        #expect([claimed.attempt, again.attempt] == [1, 2] && claimed.attemptOfRound == again.attemptOfRound)
        #expect(again.fencingToken == claimed.fencingToken + 1)
    }

    @Test func itsResultIsRecordedAsAnyOther() async throws {
        let world = try await TestWorld()
        let channel = try await channelThatIsKnown(world)
        let claimed = try #require(try await accept(for: [channel], in: world).claimed.first)
        #expect(try await world.deliveries.record(world.result(claimed, .delivered)).isOurs)
        #expect(try await world.states().first == .delivered)
    }

    @Test func onlyChannelsOfThePermitAreClaimed() async throws {
        let world = try await TestWorld()
        let one = try await channelThatIsKnown(world, "One")
        let other = try await channelThatIsKnown(world, "Other")
        let acceptance = try await accept(for: [other], in: world)
        #expect(acceptance.claimed.map(\.queue.channelID) == [other.id])
        #expect(acceptance.dueQueues.map(\.queue.channelID) == [one.id])
        #expect(acceptance.due == 2)
    }

    @Test func settingsThatAreNotKeptAreLeftToAnOrdinaryClaim() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        #expect(try await accept(for: [channel], in: world).claimed.isEmpty)
    }

    @Test func aChangedChannelIsNotSentToByItsOldSettings() async throws {
        let world = try await TestWorld()
        let channel = try await channelThatIsKnown(world)
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ in .webHook("Hook", url: "https://other.example.com/") }
        #expect(try await accept(for: [channel], in: world).claimed.isEmpty)
        let claimed = try #require(try await world.claim(channel).first)
        #expect(claimed.channel.settings.text("url") == "https://other.example.com/")
    }

    @Test(arguments: ["paused", "disabled", "removed", "paced", "held", "unreachable"])
    func aChannelThatMayNotBeSentToNowIsNotClaimed(_ state: String) async throws {
        let world = try await TestWorld()
        let channel = try await channelThatIsKnown(world)
        try await bring(channel, into: state, in: world)
        #expect(try await accept(for: [channel], in: world).claimed.isEmpty)
    }

    private func bring(_ channel: Channel, into state: String, in world: TestWorld) async throws {
        let (repository, organization, owner) = (world.repository, world.organization, world.owner)
        switch state {
        case "paused": _ = try await repository.pauseChannel(channel.id, of: organization, as: owner)
        case "removed": try await repository.removeChannel(channel.id, of: organization, version: nil, as: owner)
        case "held":
            try await world.post()
            let claimed = try #require(try await world.claim(channel).first)
            let busy = Verdict.retry(Finding("http.429", "Too many."), after: .seconds(90))
            _ = try await world.deliveries.record(world.result(claimed, busy))
        case "unreachable":
            try await world.post(ChannelHealth.absencesAllowed)
            for claimed in try await world.claim(channel) {
                let absent = Verdict.retry(Finding("no_answer", "Nobody."), after: nil)
                _ = try await world.deliveries.record(world.result(claimed, absent, failure: .absent))
            }
        default:
            _ = try await repository.replaceChannel(channel.id, of: organization, version: nil, as: owner) { before in
                var draft = ChannelDraft.webHook("Hook", isEnabled: state != "disabled")
                draft.maxPerMinute = state == "paced" ? 60 : nil
                return draft
            }
            try await world.post()
            _ = try await world.claim(channel)
        }
    }

    @Test func theEndOfARunWaitsForItsStart() async throws {
        let world = try await TestWorld()
        let channel = try await channelThatIsKnown(world)
        let start = try #require(try await accept(for: [channel], in: world).claimed.first)
        let end = EventContent.testFinished(.sample(900, status: .finished))
        #expect(try await accept(end, for: [channel], in: world).claimed.isEmpty)
        _ = try await world.deliveries.record(world.result(start, .delivered))
        let next = EventContent.testFinished(.sample(900, status: .finished))
        #expect(try await accept(next, for: [channel], in: world).claimed.count == 1)
    }

    @Test func theEndOfARunDoesNotWaitForASecondAttempt() async throws {
        let world = try await TestWorld()
        let channel = try await channelThatIsKnown(world)
        let start = try #require(try await accept(for: [channel], in: world).claimed.first)
        _ = try await world.deliveries.record(world.result(start, .retry(Finding("http.503", "Busy."), after: nil)))
        world.clock.advance(by: .seconds(8))
        #expect(try await world.claim(channel).map(\.attempt) == [2])
        let end = EventContent.testFinished(.sample(900, status: .finished))
        #expect(try await accept(end, for: [channel], in: world).claimed.count == 1)
    }

    @Test func aSecondPostWithTheSameKeyClaimsNothing() async throws {
        let world = try await TestWorld()
        let channel = try await channelThatIsKnown(world)
        let first = try await accept(key: "k", for: [channel], in: world)
        let second = try await accept(key: "k", for: [channel], in: world)
        #expect(first.claimed.count == 1 && second.claimed.isEmpty)
        #expect(second.isReplay && second.due == first.due)
    }

    @Test func whatTheChannelDoesNotWantIsSkippedAsEver() async throws {
        let world = try await TestWorld()
        let finished = try Subscription(reading: ["events": ["test.finished", "test.notification_channel"]])
        let channel = try await channelThatIsKnown(world, subscription: finished)
        let acceptance = try await accept(for: [channel], in: world)
        #expect(acceptance.claimed.isEmpty && acceptance.skipped == 1)
    }
}
