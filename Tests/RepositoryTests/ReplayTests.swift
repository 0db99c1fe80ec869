import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct ReplayTests {
    private let start = Timestamp(seconds: 1_795_000_000)

    private func request(
        _ channel: Channel, _ selection: [ReplaySelection], since: Timestamp? = nil, until: Timestamp? = nil,
        perMinute: Int? = nil
    ) -> ReplayRequest {
        ReplayRequest(
            channelID: channel.id, since: since ?? start, until: until ?? start + .seconds(86_400),
            selection: selection,
            perMinute: perMinute)
    }

    private func started(_ world: TestWorld, _ request: ReplayRequest) async throws -> Replay {
        try await world.repository.startReplay(request, in: world.organization, as: world.owner)
    }

    /// Carries out all pieces, advancing the clock to each; returns how many deliveries were made due.
    private func carryOut(_ world: TestWorld) async throws -> Int {
        var requeued = 0
        for _ in 0..<1000 {
            for (organization, id) in try await world.deliveries.replaysToAdvance() {
                requeued += try await world.deliveries.advanceReplay(id, of: organization)?.requeued ?? 0
            }
            world.clock.advance(by: .seconds(10))
        }
        return requeued
    }

    private func fail(_ channel: Channel, _ world: TestWorld) async throws {
        while case let claimed = try await world.claim(channel, limit: 100), !claimed.isEmpty {
            for delivery in claimed {
                _ = try await world.deliveries.record(world.result(delivery, .refused(Finding("http.400", "No."))))
            }
        }
    }

    private func report(_ world: TestWorld, _ replay: Replay) async throws -> (
        replay: Replay, deliveries: DeliveryCounts
    ) {
        try await world.repository.replay(replay.id, of: world.organization, as: world.owner)
    }

    private func isBalanced(_ world: TestWorld) async throws -> Bool {
        try await world.repository.ledger(of: world.organization, since: nil, until: nil, as: world.owner).isBalanced
    }

    @Test func aDryRunCountsAndChangesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(4)
        try await fail(channel, world)
        world.clock.advance(by: .seconds(30))
        try await world.post(2)
        let plan = try await world.repository.planReplay(
            request(channel, [.failed, .skipped], perMinute: 60), in: world.organization, as: world.owner)
        #expect(plan.count == 4 && plan.counts == [.failed: 4] && plan.duration == .seconds(4))
        #expect(plan.oldest == start && plan.newest == start)
        let later = try await world.repository.planReplay(
            request(channel, [.failed], since: world.clock.now), in: world.organization, as: world.owner)
        #expect(later.count == 0 && later.oldest == nil)
        #expect(try await world.deliveries.replaysToAdvance().isEmpty)
    }

    @Test func failedOnesGoAgainPacedAndWithAFreshSchedule() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(120)
        try await fail(channel, world)
        let replay = try await started(world, request(channel, [.failed]))
        #expect(replay.total == 120 && replay.perMinute == 300 && replay.state == .running)
        let (organization, id) = try #require(try await world.deliveries.replaysToAdvance().first)
        #expect(try await world.deliveries.advanceReplay(id, of: organization)?.requeued == 50)
        #expect(try await world.deliveries.replaysToAdvance().isEmpty, "not before the fifty have gone")
        #expect(try await world.claim(channel, limit: 100).map(\.attempt) == [2])
        world.clock.advance(by: .milliseconds(400))
        #expect(try await world.claim(channel, limit: 100).count == 2)
        #expect(try await carryOut(world) == 70)
        let report = try await report(world, replay)
        #expect(report.replay.state == .finished && report.replay.requeued == 120 && report.replay.finishedAt != nil)
        #expect(report.deliveries[.claimed] == 3 && report.deliveries[.due] == 117)
        let before = try await world.database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT DISTINCT attempts_before FROM deliveries", []) { row in row.integer(0) }
        }
        #expect(before == [1])
    }

    @Test func missingOnesGetADeliveryAndTheLedgerHolds() async throws {
        let world = try await TestWorld()
        try await world.post(3)
        world.clock.advance(by: .seconds(60))
        let channel = try await world.channel("Late", subscription: Subscription(reading: ["project_ids": [9]]))
        let picky = try await world.channel("Picky", subscription: Subscription(reading: ["project_ids": [8]]))
        let replay = try await started(world, request(channel, [.missing]))
        let other = try await started(world, request(picky, [.missing]))
        #expect(replay.total == 3 && other.total == 3)
        #expect(try await carryOut(world) == 3)
        #expect(try await report(world, replay).deliveries[.due] == 3)
        let left = try await report(world, other)
        #expect(left.replay.skipped == 3 && left.deliveries.sum == 0 && left.replay.state == .finished)
        let ledger = try await world.repository.ledger(
            of: world.organization, since: nil, until: nil, as: world.owner)
        #expect(ledger.isBalanced && ledger.expected == 3)
        #expect(try await world.claim(channel).count == 3)
        let again = try await world.repository.planReplay(
            request(channel, [.missing]), in: world.organization, as: world.owner)
        #expect(again.count == 0)
    }

    /// What is still being settled elsewhere does not hold it up.
    @Test func itWaitsForItsOwnChannelOnly() async throws {
        let world = try await TestWorld(settledAtOnce: 2)
        let (channel, other) = (try await world.channel("One"), try await world.channel("Other"))
        try await world.post(5)
        try await fail(channel, world)
        let replay = try await started(world, request(channel, [.failed]))
        _ = try await world.repository.replaceChannel(
            other.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook("Other", isEnabled: false) }
        #expect(try await world.number("SELECT count(*) FROM settlements") == 1)
        #expect(try await world.deliveries.replaysToAdvance().map(\.1) == [replay.id])
    }

    @Test func skippedOnesAreAskedAgain() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel(isEnabled: false)
        try await world.post(3)
        await #expect(throws: RepositoryError.conflict("The channel is disabled; enable it first.")) {
            try await started(world, request(channel, [.skipped]))
        }
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in
            try ChannelDraft.webHook(subscription: Subscription(reading: ["events": ["test.finished"]]))
        }
        let unwanted = try await started(world, request(channel, [.skipped]))
        #expect(try await carryOut(world) == 0)
        #expect(try await report(world, unwanted).replay.skipped == 3)
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook() }
        _ = try await started(world, request(channel, [.skipped]))
        #expect(try await carryOut(world) == 3)
        #expect(try await world.states() == [.due, .due, .due])
        #expect(try await isBalanced(world))
    }

    @Test func itIsPausedResumedAndCancelled() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(5)
        try await fail(channel, world)
        let replay = try await started(world, request(channel, [.failed], perMinute: 6))
        func steer(_ step: ReplayStep) async throws -> ReplayState {
            try await world.repository.steerReplay(replay.id, step, of: world.organization, as: world.owner).state
        }
        await #expect(throws: RepositoryError.self) { try await started(world, request(channel, [.failed])) }
        #expect(try await world.deliveries.advanceReplay(replay.id, of: world.organization)?.requeued == 1)
        #expect(try await steer(.pause) == .paused)
        await #expect(throws: RepositoryError.conflict("The replay is paused.")) { try await steer(.pause) }
        #expect(try await carryOut(world) == 0)
        #expect(try await steer(.resume) == .running)
        #expect(try await world.deliveries.advanceReplay(replay.id, of: world.organization)?.requeued == 1)
        #expect(try await steer(.cancel) == .cancelled)
        #expect(try await carryOut(world) == 0)
        let report = try await report(world, replay)
        #expect(report.replay.requeued == 2 && report.deliveries[.due] == 2 && report.replay.finishedAt != nil)
        await #expect(throws: RepositoryError.conflict("The replay is cancelled.")) { try await steer(.resume) }
        let actions = try await world.auditEntries().map(\.action).filter { $0.hasPrefix("replay.") }
        #expect(actions == ["replay.started", "replay.paused", "replay.resumed", "replay.cancelled"])
    }

    @Test func itStopsWhenTheChannelTakesNothingAnyMore() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        try await fail(channel, world)
        let replay = try await started(world, request(channel, [.failed]))
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ throws(InvalidInput) in ChannelDraft.webHook(isEnabled: false) }
        #expect(try await world.deliveries.advanceReplay(replay.id, of: world.organization) == nil)
        #expect(try await report(world, replay).replay.state == .paused)
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        let list = try await world.repository.replays(of: world.organization, page: PageRequest(), as: world.owner)
        #expect(list.items.map(\.id) == [replay.id])
        #expect(try await world.auditEntries().contains { $0.action == "replay.paused" && $0.actor == "system" })
    }

    @Test("A replay in progress is cancelled when its channel is removed", arguments: [true, false])
    func aRemovedChannelCancelsIt(isPaused: Bool) async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(2)
        try await fail(channel, world)
        let replay = try await started(world, request(channel, [.failed]))
        if isPaused {
            _ = try await world.repository.steerReplay(replay.id, .pause, of: world.organization, as: world.owner)
        }
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        #expect(try await carryOut(world) == 0)
        let left = try await report(world, replay).replay
        #expect(left.state == .cancelled && left.finishedAt != nil)
        let entries = try await world.auditEntries().filter { $0.action == "replay.cancelled" }
        #expect(entries.map(\.actor) == ["system"])
    }

    /// Few of many events are wanted: each transaction looks at some of them, and the replay still reaches its end.
    @Test func fewAmongManyAreFound() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        for _ in 1...5 {
            try await world.post((1...1000).map { .testStarted(.sample($0)) }, as: service)
            world.clock.advance(by: .seconds(1))
        }
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                UPDATE deliveries SET state = CASE WHEN event_id = (
                    SELECT event_id FROM events ORDER BY event_id DESC LIMIT 1) THEN 'failed' ELSE 'delivered' END
                """, [])
        }
        let plan = try await world.repository.planReplay(
            request(channel, [.failed, .delivered]), in: world.organization, as: world.owner)
        #expect(plan.counts == [.failed: 1, .delivered: 4_999])
        #expect(plan.newest.map { newest in plan.oldest.map { $0 + .seconds(4) <= newest } } == true)
        let replay = try await started(world, request(channel, [.failed]))
        #expect(replay.total == 1)
        var pieces = 0
        while try await report(world, replay).replay.state == .running, pieces < 20 {
            _ = try await world.deliveries.advanceReplay(replay.id, of: world.organization)
            pieces += 1
        }
        #expect(pieces == 3)
        #expect(try await report(world, replay).deliveries[.due] == 1)
    }

    /// Candidates are read outside the write transaction, so they may have changed by the time of the write.
    @Test func whatChangedSinceItWasLookedAtIsLeftAlone() async throws {
        let world = try await TestWorld()
        try await world.post(3)
        world.clock.advance(by: .seconds(1))
        let channel = try await world.channel()
        try await world.post(3)
        try await fail(channel, world)
        let deliveries = try await world.repository.deliveries(
            of: world.organization, filter: DeliveryFilter(), page: PageRequest(), as: world.owner
        ).items
        let retried = try #require(deliveries.first)
        let replay = try await started(world, request(channel, [.failed, .missing]))
        let meddled = world.meddled { () async throws(RepositoryError) in
            _ = try await world.repository.retryDelivery(retried.id, of: world.organization, as: world.owner)
            try await world.database.write { connection throws(RepositoryError) in
                try connection.execute("DELETE FROM events WHERE sequence = 1", [])
                try connection.execute("UPDATE organizations SET pruned_events = 1", [])
            }
        }
        let progress = try await meddled.deliveries.advanceReplay(replay.id, of: world.organization)
        #expect(progress?.requeued == 4)
        #expect(try await report(world, replay).deliveries[.due] == 4)
        #expect(try await isBalanced(world))
    }

    /// The time of the attempt that arrived, not of an earlier one.
    @Test func theFirstArrivalKeepsItsTime() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let accepted = try await world.repository.accept(
            .testStarted(.sample()), idempotencyKey: nil, as: world.service())
        for verdict in [Verdict.retry(Finding("http.503", "Busy."), after: nil), .delivered] {
            let delivery = try #require(try await world.claim(channel).first)
            _ = try await world.deliveries.record(world.result(delivery, verdict))
            world.clock.advance(by: .seconds(60))
        }
        _ = try await started(world, request(channel, [.delivered]))
        #expect(try await carryOut(world) == 1)
        let event = try await world.repository.event(accepted.eventID, of: world.organization, as: world.owner)
        let story = try #require(event.outcomes.first?.text)
        #expect(story.hasPrefix("Delivered on the 2nd attempt, 1 min 0 s after the event was received. Resent: "))
    }

    @Test func aRetryByHandBeginsTheScheduleAnew() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        try await fail(channel, world)
        let id = try #require(
            try await world.repository.deliveries(
                of: world.organization, filter: DeliveryFilter(), page: PageRequest(), as: world.owner
            ).items.first?.id)
        _ = try await world.repository.retryDelivery(id, of: world.organization, as: world.owner)
        let before = try await world.database.read { connection throws(RepositoryError) in
            try connection.row("SELECT attempts_before FROM deliveries", []) { row in row.integer(0) }
        }
        #expect(before == 1)
        #expect(try await world.claim(channel).map(\.attempt) == [2])
    }
}
