import Notifications
import TestSupport
import Testing

@testable import Repository

/// The rule "the end of a run waits for its start" costs only index look-ups, whatever else the organization has.
@Suite(.everyEngine) struct OrderTests {
    private let dueOfOneQueue = """
        SELECT d.delivery_id, \(Transaction.openStart) FROM deliveries d
        WHERE \(Transaction.isDue) AND d.due_at <= $3 ORDER BY d.due_at, d.delivery_id LIMIT 8
        """

    private func plan(of sql: String) async throws -> [String] {
        let world = try await TestWorld()
        return try await world.database.write { connection throws(RepositoryError) in
            try connection.rows("EXPLAIN QUERY PLAN " + sql, [1, "c", 0]) { row in row.text(3) }
        }
    }

    @Test func everyLookUpIsByIndex() async throws {
        // Plans of PostgreSQL depend on how much is in a table.
        guard TestEngine.current.dialect == .sqlite else { return }
        let steps = try await plan(of: dueOfOneQueue)
        #expect(!steps.contains { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN started") })
        let searches = steps.filter { $0.hasPrefix("SEARCH") }
        let expected = [
            "SEARCH d USING INDEX deliveries_due (organization_id=? AND channel_id=? AND generation=? AND due_at<?)",
            "SEARCH f USING PRIMARY KEY (organization_id=? AND event_id=?)",
            "SEARCH s USING COVERING INDEX events_of_run (organization_id=? AND load_test_run_id=? AND type=?)",
        ]
        for step in expected { #expect(searches.contains(step), "\(step) is not in \(searches)") }
        #expect(searches.contains { $0.hasPrefix("SEARCH b USING") && $0.contains("event_id=? AND channel_id=?") })
    }

    @Test func whatLetsAnEndGoFindsItByItsIndex() async throws {
        // Plans of PostgreSQL depend on how much is in a table.
        guard TestEngine.current.dialect == .sqlite else { return }
        let steps = try await plan(
            of: "UPDATE deliveries SET waits_for = NULL WHERE organization_id = $1 AND waits_for = $2")
        #expect(
            steps == ["SEARCH deliveries USING COVERING INDEX deliveries_waiting (organization_id=? AND waits_for=?)"])
    }

    // MARK: Waiting ends

    /// A channel at which the start of each run is in flight and its end is due.
    private func world(runs: Int) async throws -> (TestWorld, Channel, starts: [ClaimedDelivery]) {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(runs)
        let starts = try await world.claim(channel, limit: runs)
        try await world.postEnds(runs)
        return (world, channel, starts)
    }

    @Test func anEndIsSetAsideOnceAndGoesAfterItsStart() async throws {
        let (world, channel, starts) = try await world(runs: 3)
        #expect(starts.count == 3)
        #expect(try await world.claim(channel).isEmpty)
        #expect(try await world.waiting() == 3)
        _ = try await world.deliveries.record(world.result(starts[1], .delivered))
        #expect(try await world.waiting() == 2)
        let ends = try await world.claim(channel)
        #expect(ends.map(\.content.run?.id) == [starts[1].content.run?.id])
    }

    @Test func anEndDoesNotWaitForASecondAttempt() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let start = try #require(try await world.claim(channel).first)
        _ = try await world.deliveries.record(world.result(start, .retry(Finding("http.503", "Busy."), after: nil)))
        world.clock.advance(by: .seconds(8))
        #expect(try await world.claim(channel).map(\.attempt) == [2])
        try await world.postEnds(1)
        #expect(try await world.claim(channel).map(\.content.type) == [.testFinished])
    }

    /// Otherwise every start would cost a claim that finds nothing.
    @Test func aStartWakesItsQueueOnlyIfAnEndWaits() async throws {
        let (world, channel, starts) = try await world(runs: 1)
        #expect(try await world.claim(channel).isEmpty)
        let awaited = try await world.deliveries.record(world.result(starts[0], .delivered))
        #expect(awaited.due.map(\.queue.channelID) == [channel.id])
        #expect(try await world.claim(channel).map(\.content.type) == [.testFinished])
        try await world.post()
        let start = try #require(try await world.claim(channel).first)
        #expect(try await world.deliveries.record(world.result(start, .delivered)).due.isEmpty)
    }

    /// What comes in one batch is due at the same time. PostgreSQL finds such rows in the order in which they stand.
    @Test func anEndIsNotClaimedWithItsStartWhereverTheyStand() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        let runs = (1...20).map { EventContent.testStarted(.sample(Int64($0))) }
        try await world.post([runs[0], .testFinished(.sample(1))] + runs.dropFirst(), as: service)
        try await world.database.write { connection throws(RepositoryError) in
            for step in [1, -1] {
                try connection.execute(
                    """
                    UPDATE deliveries SET due_at = due_at + $2 WHERE organization_id = $1 AND delivery_id IN (
                        SELECT delivery_id FROM deliveries WHERE organization_id = $1 ORDER BY delivery_id LIMIT 2)
                    """, [SQLValue(world.organization), SQLValue(step)])
            }
        }
        let claimed = try await world.claim(channel)
        #expect(claimed.count == 8 && claimed[0].content.run?.id == LoadTestRunID(1))
        #expect(claimed.allSatisfy { $0.content.type == .testStarted })
    }

    @Test func manyEndsThatWaitAreLookedAtOnceEach() async throws {
        let (world, channel, _) = try await world(runs: 1000)
        let queue = ChannelQueue(organizationID: world.organization, channelID: channel.id)
        var claims = 0
        var next: Timestamp? = world.clock.now
        while next != nil, claims < 100 {
            let claim = try await world.deliveries.claim([(queue, 8)], owner: "test", lease: .seconds(30))
            #expect(claim.flatMap(\.deliveries).isEmpty)
            next = claim.first?.nextDueAt
            claims += 1
        }
        #expect(claims < 10, "\(claims) claims")
        #expect(try await world.waiting() == 1000)
    }

    /// Whatever happens to the start, the end does not wait for ever.
    @Test(arguments: ["delivered", "refused", "second attempt", "interrupted", "disabled", "removed", "deleted"])
    func nothingLeavesAnEndBlocked(_ fate: String) async throws {
        let (world, channel, starts) = try await world(runs: 1)
        #expect(try await world.claim(channel).isEmpty)
        let start = try #require(starts.first)
        let retry = Verdict.retry(Finding("http.503", "Busy."), after: nil)
        switch fate {
        case "delivered": _ = try await world.deliveries.record(world.result(start, .delivered))
        case "refused": _ = try await world.deliveries.record(world.result(start, .refused(Finding("http.400", "No."))))
        case "second attempt":
            _ = try await world.deliveries.record(world.result(start, retry))
            world.clock.advance(by: .seconds(60))
            #expect(try await world.waiting() == 1)
            #expect(try await world.claim(channel, limit: 1).map(\.id) == [start.id])
        case "interrupted":
            try await world.restart()
            #expect(try await world.claim(channel, limit: 1).map(\.id) == [start.id])
        case "disabled":
            _ = try await world.deliveries.record(world.result(start, .gone(Finding("http.410", "Gone."))))
        case "removed":
            try await world.repository.removeChannel(
                channel.id, of: world.organization, version: nil, as: world.owner)
        default: try await world.database.execute("DELETE FROM deliveries WHERE delivery_id = \(start.id.literal)")
        }
        #expect(try await world.waiting() == 0)
    }
}

extension TestWorld {
    func postEnds(_ count: Int) async throws {
        let service = try await service()
        for number in 1...count {
            _ = try await repository.accept(
                .testFinished(.sample(Int64(number), status: .finished)), idempotencyKey: nil, as: service)
        }
    }

    func number(_ sql: String) async throws -> Int64 {
        try await database.write { connection throws(RepositoryError) in
            try connection.row(sql, []) { row in row.integer(0) } ?? 0
        }
    }

    /// How many deliveries are set aside until their run's start is done.
    func waiting() async throws -> Int64 {
        try await number("SELECT count(*) FROM deliveries WHERE state = 'due' AND waits_for IS NOT NULL")
    }
}
