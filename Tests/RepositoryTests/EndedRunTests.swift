import Notifications
import TestSupport
import Testing

@testable import Repository

/// A run's start that is sent after its end says what the end says, where the service shows only the newest message.
@Suite(.everyEngine) struct EndedRunTests {
    private static let commit = String(repeating: "a", count: 40)

    private func channel(_ world: TestWorld, statuses: [TestStatus]? = nil) async throws -> Channel {
        var settings = ChannelSettings()
        settings["url"] = "https://api.github.com"
        settings["repository"] = "acme/shop"
        settings["token"] = "github_pat_11EXAMPLE0example"
        let wanted = JSONValue.array((statuses ?? []).map { .integer($0.code) })
        let subscription = try Subscription(reading: statuses == nil ? [:] : ["statuses": wanted], path: "")
        let draft = ChannelDraft(kind: "github", name: "GitHub", settings: settings, subscription: subscription)
        return try await world.repository.createChannel(in: world.organization, as: world.owner) {
            () throws(InvalidInput) in draft
        }
    }

    private func post(_ world: TestWorld, _ status: TestStatus, commit: String? = commit) async throws {
        let sample = LoadTestRun.sample(1)
        var context = RunContext()
        context.commit = commit
        let run = LoadTestRun(
            status: status, userID: sample.userID, name: sample.name, organizationID: sample.organizationID,
            loadTestID: sample.loadTestID, id: sample.id, projectID: sample.projectID, context: context)
        world.clock.advance(by: .milliseconds(5))
        _ = try await world.repository.accept(
            status.isFinal ? .testFinished(run) : .testStarted(run), idempotencyKey: nil, as: world.service())
    }

    /// Posts a start whose first two attempts fail.
    private func failedStart(_ world: TestWorld, at channel: Channel) async throws {
        try await post(world, .running)
        for _ in 1...2 {
            let start = try #require(try await world.claim(channel).first)
            #expect(start.endedRun == nil)
            let failed = Verdict.retry(Finding("http.500", "It failed."), after: nil)
            _ = try await world.deliveries.record(world.result(start, failed))
            world.clock.advance(by: .seconds(60))
        }
    }

    private func start(_ world: TestWorld, at channel: Channel) async throws -> ClaimedDelivery {
        try #require(try await world.claim(channel).first { $0.content.type == .testStarted })
    }

    @Test func aStartThatIsRetriedAfterTheEndSaysTheEnd() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        try await failedStart(world, at: channel)
        try await post(world, .finished)
        // Both are sent at the same time, so nobody knows which arrives first.
        let both = try await world.claim(channel)
        let first = both.first { $0.content.type == .testStarted }
        let end = both.first { $0.content.type == .testFinished }
        #expect(both.count == 2 && first?.endedRun?.content.run?.status == .finished)
        let failed = Verdict.retry(Finding("http.500", "It failed."), after: nil)
        _ = try await world.deliveries.record(world.result(#require(first), failed))
        _ = try await world.deliveries.record(world.result(#require(end), .delivered))
        world.clock.advance(by: .seconds(600))
        let start = try await start(world, at: channel)
        #expect(start.endedRun?.content == end?.content && end?.endedRun == nil)
    }

    @Test func anotherStartOfTheRunSaysThatItStarts() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        try await post(world, .finished)
        try await post(world, .running)
        #expect(try await start(world, at: channel).endedRun == nil)
    }

    @Test(arguments: [nil, String(repeating: "b", count: 40)])
    func anEndOfAnotherCommitSaysNothingAboutThisOne(_ commit: String?) async throws {
        let world = try await TestWorld()
        let channel = try await channel(world)
        try await failedStart(world, at: channel)
        try await post(world, .finished, commit: commit)
        #expect(try await start(world, at: channel).endedRun == nil)
    }

    @Test func anEndThatTheChannelDoesNotWantIsNotTold() async throws {
        let world = try await TestWorld()
        let channel = try await channel(world, statuses: [.running, .failedThreshold])
        try await failedStart(world, at: channel)
        try await post(world, .finished)
        #expect(try await start(world, at: channel).endedRun == nil)
    }

    @Test func whereEachMessageIsShownAStartStaysOne() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await failedStart(world, at: channel)
        try await post(world, .finished)
        #expect(try await start(world, at: channel).endedRun == nil)
    }

    @Test func itIsFoundByIndexes() async throws {
        // Plans of PostgreSQL depend on how much is in a table.
        guard TestEngine.current.dialect == .sqlite else { return }
        let world = try await TestWorld()
        let steps = try await world.database.write { connection throws(RepositoryError) in
            try connection.rows("EXPLAIN QUERY PLAN " + Transaction.endsOfRun, [1, 1, "c", "e"]) { row in row.text(3) }
        }
        #expect(!steps.contains { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN ended") || $0.contains("TEMP B-TREE") })
        #expect(steps.contains { $0.contains("events_of_run (organization_id=? AND load_test_run_id=? AND type=?") })
        #expect(steps.contains { $0.hasPrefix("SEARCH b USING") && $0.contains("event_id=? AND channel_id=?") })
    }
}
