import Notifications
import Repository
import TestSupport
import Testing

/// Many results and claims in one transaction of the engine.
@Suite(.everyEngine) struct ProgressTests {
    private let busy = Verdict.retry(Finding("http.503", "Busy."), after: nil)

    private func progress(
        _ results: [DeliveryResult], claiming channel: Channel? = nil, in world: TestWorld
    ) async throws -> Progress {
        let requests = channel.map {
            ClaimRequest(
                queue: ChannelQueue(organizationID: world.organization, channelID: $0.id), limit: 64)
        }
        return try await world.deliveries.progress(
            recording: results, claiming: [requests].compactMap { $0 }, owner: "test", lease: .seconds(30))
    }

    private func health(_ channel: Channel, _ world: TestWorld) async throws -> ReceiverHealth? {
        try await world.repository.channelWithHealth(channel.id, of: world.organization, as: world.owner).health
    }

    /// Three in flight, with the results of the attempts in the order in which they came.
    private func results(
        _ verdicts: [Verdict], in world: TestWorld, _ channel: Channel
    ) async throws -> [DeliveryResult] {
        try await world.post(verdicts.count)
        let claimed = try await world.claim(channel, limit: verdicts.count)
        return zip(claimed, verdicts).map { world.result($0, $1) }
    }

    @Test func theLastResultOfAChannelSaysHowItsReceiverIs() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await progress(try await results([.delivered, busy, .delivered], in: world, channel), in: world)
        #expect(try await health(channel, world)?.failingSince == nil)
        #expect(try await health(channel, world)?.lastSuccess == world.clock.now)
        world.clock.advance(by: .seconds(60))
        _ = try await progress(try await results([.delivered, .delivered, busy], in: world, channel), in: world)
        let known = try await health(channel, world)
        #expect(known?.failingSince == world.clock.now && known?.lastSuccess == world.clock.now)
    }

    @Test func whatTheResultsLeaveDueIsClaimedInTheSameTransaction() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let results = try await results([.delivered, busy], in: world, channel)
        try await world.post(3)
        let progress = try await progress(results, claiming: channel, in: world)
        #expect(progress.recorded.map(\.isOurs) == [true, true])
        #expect(progress.claims.map(\.deliveries.count) == [3])
    }

    /// The engine then writes each by itself.
    @Test func oneThatCannotBeWrittenLeavesTheOthersUnwritten() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let results = try await results([.delivered, .delivered], in: world, channel)
        let taken = results[1].delivery.id.literal
        try await world.database.execute(
            "INSERT INTO attempts (organization_id, delivery_id, number, started_at, duration, verdict) "
                + "VALUES (\(world.organization), \(taken), 1, 0, 0, 'delivered')")
        await #expect(throws: RepositoryError.self) { try await progress(results, claiming: channel, in: world) }
        #expect(try await world.states() == [.claimed, .claimed])
        #expect(try await progress([results[0]], in: world).recorded.map(\.isOurs) == [true])
    }
}
