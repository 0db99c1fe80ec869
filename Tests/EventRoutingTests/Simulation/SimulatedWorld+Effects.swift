import Notifications
import Repository

@testable import EventRouting

/// Performs the engine's effects in the simulated world.
extension SimulatedWorld {
    func perform(_ effect: EngineEffect, by process: Int) async throws {
        if time.steady < stalledUntil, !effect.isSending {
            return agenda.add(.perform(process: process, effect), at: stalledUntil)
        }
        if case .write(let work) = effect { return try await write(work, by: process) }
        guard process == self.process, engine != nil else { return }
        if fails(effect) { return tellFailure(of: effect) }
        switch effect {
        case .send(let delivery): try await send(delivery)
        case .sweep:
            try await meddleBeforeASweep()
            let beat = try await deliveries.beat(as: Node(id: owner), isInCharge: true)
            let queues = beat.gone.isEmpty ? [] : try await deliveries.dueQueues(overdueBy: nil)
            later(.swept(Sweep(nodes: beat.alive.count, queues: queues)))
        case .followWallClock(let delta): try await followWallClock(by: delta)
        case .write, .release, .finish: break
        }
    }

    /// Only one process at a time uses the database, so they all have the same name.
    var owner: String { "service" }

    private func later(_ input: EngineInput, within milliseconds: Int = 3) {
        agenda.add(.hear(process: process, input), at: time.steady + self.jitter(milliseconds: milliseconds))
    }

    // MARK: Database failures

    private func fails(_ effect: EngineEffect) -> Bool {
        if case .send = effect { return false }
        return writeFails()
    }

    func writeFails() -> Bool {
        guard plan.databaseFails, !isHealed, happens(plan.longestWrite > 3 ? 0.3 : 0.1) else { return false }
        failedAt = time.steady
        return true
    }

    private func tellFailure(of effect: EngineEffect) {
        switch effect {
        case .write(let work): later(.writeFailed(meddledWith(work)), within: plan.longestWrite)
        case .sweep: later(.swept(nil))
        case .followWallClock: later(.wallClockFollowed)
        case .send, .release, .finish: break
        }
    }

    // MARK: Results, claims and requests

    /// A process that is presumed dead still writes its results, but claims nothing.
    private func write(_ work: EngineWork, by process: Int) async throws {
        let isAlive = process == self.process && engine != nil
        if isAlive, fails(.write(work)) { return tellFailure(of: .write(work)) }
        let turns = isAlive ? work.turns : []
        var holders: [Int64?] = []
        for result in work.results {
            holders.append(try await holder(of: result.delivery.id))
            try await meddleBeforeAResult(result, holder: holders.last ?? nil)
        }
        if !turns.isEmpty { try await meddleBeforeAClaim() }
        let progress = try await deliveries.progress(
            recording: work.results.map(meddledWith),
            claiming: turns.map { ClaimRequest(queue: $0.queue, limit: $0.limit) }, owner: owner,
            lease: SimulationPlan.limits.lease)
        for ((result, recorded), holder) in zip(zip(work.results, progress.recorded), holders) {
            try await look(at: result, recorded, holderBefore: holder)
        }
        let failed = zip(work.results, progress.recorded).filter { $1.isOurs && $0.verdict != .delivered }.map(\.0)
        for (id, results) in Dictionary(grouping: failed, by: \.delivery.queue.channelID).sorted(by: { $0.key < $1.key }
        ) {
            try await checkPatience(with: id, after: results)
        }
        if !turns.isEmpty { try await look(at: progress.claims.flatMap(\.deliveries)) }
        if isAlive { later(.written(work, progress), within: plan.longestWrite) }
    }

    private func look(at result: DeliveryResult, _ recorded: Recorded, holderBefore: Int64?) async throws {
        try await meddleAfterAResult(result)
        witness.recorded(
            result, isOurs: recorded.isOurs, holderBefore: holderBefore, dueIn: try await dueIn(result.delivery.id),
            at: time.steady)
    }

    /// What was just claimed.
    func look(at claims: [ClaimedDelivery]) async throws {
        try await meddleAfterAClaim()
        for delivery in claims {
            witness.claimed(delivery, at: time.steady)
            try await checkOrder(of: delivery)
        }
    }

    private func checkOrder(of delivery: ClaimedDelivery) async throws {
        guard delivery.content.type == .testFinished, let run = delivery.content.run else { return }
        let open = try await count(
            """
            SELECT count(*) FROM deliveries d JOIN events e
                ON e.organization_id = d.organization_id AND e.event_id = d.event_id
            WHERE d.channel_id = $1 AND e.load_test_run_id = $2 AND e.type = 'test.started' AND d.attempts <= 1
                AND d.state IN ('due', 'claimed')
            """, SQLValue(delivery.queue.channelID), run.id.value)
        witness.expect(open == 0, "the end of run \(run.id) is sent before its start")
    }

    private func send(_ delivery: ClaimedDelivery) async throws {
        let holder = try await holder(of: delivery.id)
        witness.sent(delivery, isClaimed: holder == delivery.fencingToken)
        let receiver = receivers[delivery.queue.channelID]?.now(time.steady) ?? SimulatedReceiver()
        let (result, duration) = receiver.answer(delivery.channel.kind, at: clock.now, &generator)
        if case .answered(let answer) = result, answer.status < 300 {
            witness.deliveries[delivery.id, default: .init()].arrivals += 1
        }
        agenda.add(
            .answer(process: process, delivery, result, startedAt: clock.now), at: time.steady + duration)
    }

    func answer(
        _ delivery: ClaimedDelivery, _ result: ExchangeResult, startedAt: Timestamp, to process: Int
    ) throws {
        guard let kind = delivery.channel.knownKind else { return }
        let exchange = Exchange(result: meddled(result))
        let message = HTTPMessage(url: "https://receiver.example/", headers: [], body: [])
        let notice = Notice(
            content: delivery.content, deliveryID: delivery.id, attempt: delivery.attempt, at: startedAt)
        let reading = kind.reading(of: exchange, on: message, for: notice, settings: delivery.channel.settings)
        let answer = AttemptAnswer(
            startedAt: startedAt, exchange: exchange, reading: reading, secrets: KnownSecrets.none)
        let jitter = Double.random(in: 0..<1, using: &self.generator)
        witness.heard(result, of: delivery)
        if process == self.process, engine != nil {
            witness.ended(delivery, isAnswered: answer.isAnswered, load: answer.load)
            hear(.answered(delivery, answer, jitter: jitter))
        } else {
            // A process that is presumed dead still writes its result.
            let result = DeliveryResult(of: delivery, answer, jitter: jitter, uptime: .zero)
            let work = EngineWork(results: [result])
            agenda.add(.perform(process: process, .write(work)), at: time.steady + self.jitter(milliseconds: 3))
        }
    }

    private func followWallClock(by delta: Duration) async throws {
        try await deliveries.followWallClock(by: delta, of: clock)
        try await meddleAfterTheClock(wasSetBy: delta)
        later(.wallClockFollowed)
    }
}

extension EngineEffect {
    fileprivate var isSending: Bool { if case .send = self { true } else { false } }
}
