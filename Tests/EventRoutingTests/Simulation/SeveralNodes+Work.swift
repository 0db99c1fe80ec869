import Notifications
import Repository
import TestSupport

@testable import EventRouting

/// What the nodes do.
extension SeveralNodes {
    /// Events come to any node that answers.
    func post() async throws {
        let ready = nodes.values.filter { $0.frozenUntil <= time.steady }.map(\.process).sorted {
            $0.number < $1.number
        }
        guard let process = ready.randomElement(using: &generator) else {
            return agenda.add(.post, at: time.steady + .seconds(1))
        }
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            posted += 1
            let reservation = nodes[process.name]?.engine.reserve(for: OrganizationID(1), at: clock.moment)
            let permit = reservation.map { reservation in
                ClaimPermit(
                    channels: Set(reservation.turns.map(\.queue.channelID)), owner: process.name,
                    lease: Self.limits.lease)
            }
            let acceptance = try await stores.repository.accept(
                .testStarted(.sample(posted)), idempotencyKey: nil, claiming: permit,
                as: people.schedulers[OrganizationID(1)] ?? .operator)
            let isHeard = !losesAnswer(process)
            if isHeard { try note(acceptance.claimed, of: process) }
            let event = AcceptedEvent(reservation: reservation, acceptance: isHeard ? acceptance : nil)
            later(.accepted([event]), to: process)
        }
    }

    func perform(_ effect: EngineEffect, by process: Process) async throws {
        guard isRunning(process) else { return }
        switch effect {
        case .write(let work): try await write(work, by: process)
        case .send(let delivery): send(delivery, by: process)
        case .sweep: try await sweep(process)
        case .release, .followWallClock, .finish: break
        }
    }

    private func write(_ work: EngineWork, by process: Process) async throws {
        var holders: [Int64?] = []
        for result in work.results {
            if sabotage == .tokenIgnored { try await handOver(result.delivery, to: process) }
            holders.append(try await holder(of: result.delivery.id))
        }
        let progress: Progress
        do throws(RepositoryError) {
            progress = try await stores.deliveries.progress(
                recording: work.results, claiming: work.turns.map { ClaimRequest(queue: $0.queue, limit: $0.limit) },
                owner: process.name, lease: Self.limits.lease)
        } catch {
            return later(.writeFailed(work), to: process)
        }
        if losesAnswer(process) { return later(.writeFailed(work), to: process) }
        for (index, (result, recorded)) in zip(work.results, progress.recorded).enumerated() {
            check(result, recorded, holder: holders[index], by: process)
        }
        try note(progress.claims.flatMap(\.deliveries), of: process)
        later(.written(work, progress), to: process)
        for claim in progress.claims where !claim.deliveries.isEmpty {
            if let next = claim.nextDueAt, next <= clock.scheduled { tell(.woken([(claim.queue, nil)]), from: process) }
        }
    }

    /// Now and then a commit succeeds, and its answer does not come.
    private func losesAnswer(_ process: Process) -> Bool {
        guard !isHealed, Int.random(in: 0..<80, using: &generator) == 0 else { return false }
        nodes[process.name]?.lostAnswers += 1
        changedAt = time.steady
        return true
    }

    /// A result counts once, for whoever holds the claim.
    private func check(_ result: DeliveryResult, _ recorded: Recorded, holder: Int64?, by process: Process) {
        let (id, token) = (result.delivery.id, result.delivery.fencingToken)
        let isHeld = held[process]?[id] == token
        expect(recorded.isOurs == (holder == token), "\(id): a result under token \(token), held under \(holder ?? 0)")
        if recorded.isOurs {
            expect(written.insert("\(id) \(token)").inserted, "\(id): two results for one claim")
            expect(written.filter { $0.hasPrefix("\(id) ") }.count == 1, "\(id) was delivered with two valid tokens")
        }
        if isHeld { held[process]?[id] = nil }
    }

    /// Nobody else may hold what is claimed, unless it stands still.
    private func note(_ claims: [ClaimedDelivery], of process: Process) throws {
        for claim in claims {
            for node in nodes.values where node.process != process && node.frozenUntil <= time.steady {
                let token = held[node.process]?[claim.id]
                let isCurrent = token.map { $0 == claim.fencingToken - 1 } ?? false
                let isExcused = excuses[claim.id, default: 0] > 0
                expect(!isCurrent || isExcused, "\(claim.id) was taken from \(node.process.name), which is sending it")
            }
            held[process, default: [:]][claim.id] = claim.fencingToken
        }
    }

    private func send(_ delivery: ClaimedDelivery, by process: Process) {
        arrivals[delivery.id, default: 0] += 1
        let channel = delivery.queue.channelID
        sending[channel, default: 0] += 1
        let isQuiet = time.steady - changedAt > .seconds(60)
        expect(
            !isQuiet || sending[channel, default: 0] <= Self.limits.window.upperBound,
            "\(sending[channel, default: 0]) deliveries are on their way to one channel")
        let isSlow = Int.random(in: 0..<5, using: &generator) == 0
        let pause = Int.random(in: 1...(isSlow ? 14_000 : 300), using: &generator)
        agenda.add(.answer(process, delivery), at: time.steady + .milliseconds(pause))
    }

    func answer(_ delivery: ClaimedDelivery, to process: Process) throws {
        sending[delivery.queue.channelID, default: 0] -= 1
        guard isRunning(process), let kind = delivery.channel.knownKind else { return }
        let exchange = Exchange(result: .answered(Answer(status: 200, body: Array("ok".utf8), at: clock.now)))
        let message = HTTPMessage(url: "https://receiver.example/", headers: [], body: [])
        let notice = Notice(
            content: delivery.content, deliveryID: delivery.id, attempt: delivery.attempt, at: clock.now)
        let reading = kind.reading(of: exchange, on: message, for: notice, settings: delivery.channel.settings)
        let answer = AttemptAnswer(startedAt: clock.now, exchange: exchange, reading: reading, secrets: .none)
        hear(.answered(delivery, answer, jitter: 0.5), by: process)
    }

    private func sweep(_ process: Process) async throws {
        if sabotage == .livingNodeRobbed {
            try await database.execute("UPDATE nodes SET seen_at = 0 WHERE node_id <> '\(process.name)'")
        }
        if sabotage == .goneNodesKept {
            try await database.execute("UPDATE nodes SET seen_at = \(clock.scheduled.microseconds)")
        }
        let beat = try await stores.deliveries.beat(as: Node(id: process.name), isInCharge: false)
        let before = nodes[process.name]?.alive ?? []
        nodes[process.name]?.alive = beat.alive
        let isOneGone = !beat.gone.isEmpty || !before.isSubset(of: beat.alive)
        var queues: [DueQueue] = []
        if sabotage != .duesNotLookedFor {
            queues = try await stores.deliveries.dueQueues(overdueBy: isOneGone ? nil : Self.patience)
        }
        if sabotage != .unknownClaimsKept { queues += try await unknown(to: process) }
        later(.swept(Sweep(nodes: sabotage == .limitsNotShared ? 1 : beat.alive.count, queues: queues)), to: process)
    }

    private static let patience = Duration.seconds(5)

    private func unknown(to process: Process) async throws -> [DueQueue] {
        guard var node = nodes[process.name], node.process == process else { return [] }
        let isOld = node.uncertainty.isOld(node.lostAnswers, at: time.steady, after: Self.patience)
        if isOld { node.uncertainty.resolve(node.lostAnswers) }
        nodes[process.name]?.uncertainty = node.uncertainty
        guard isOld else { return [] }
        let known = Set(node.engine.underWay.keys.map(\.delivery))
        let claimed = try await stores.deliveries.releaseUnknown(of: process.name, known: known, age: Self.patience)
        return try await claimed + stores.deliveries.dueQueues(overdueBy: nil)
    }

    // MARK: The database, behind the repository's back

    private func holder(of delivery: DeliveryID) async throws -> Int64? {
        let token = try await number(
            "SELECT fencing_token FROM deliveries WHERE delivery_id = $1 AND state = 'claimed'", [SQLValue(delivery)])
        return token == 0 ? nil : token
    }

    private func handOver(_ delivery: ClaimedDelivery, to process: Process) async throws {
        guard try await holder(of: delivery.id) != delivery.fencingToken else { return }
        try await database.execute(
            """
            UPDATE deliveries SET state = 'claimed', lease_owner = '\(process.name)', lease_until = 0,
                fencing_token = \(delivery.fencingToken)
            WHERE delivery_id = \(delivery.id.literal)
            """)
    }
}
