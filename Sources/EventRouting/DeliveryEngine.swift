import Logging
import Notifications
import Repository
import ServiceLifecycle
import Synchronization

/// Claims due deliveries, sends them and writes the results. `EngineState` decides what to do when; this does it.
package final class DeliveryEngine: Service {
    private let deliveries: DeliveryStore
    private let transports: Transports
    private let limits: DeliveryLimits
    private let logger: Logger
    private let clock: ServiceClock
    let metrics: RoutingMetrics
    private let inbox = EngineInbox()
    private let state: Mutex<EngineState>
    private let node: Node
    private let link: (any NodeLink)?
    private let count: NodeCount
    /// The nodes that were alive at the last sweep that could look for what they leave behind.
    private let alive = Mutex<Set<String>>([])
    private let uncertainty = Mutex(Uncertainty())

    /// How often the state hears of the time when nothing else happens.
    private static let tick = Duration.milliseconds(250)

    /// After this long without anybody serving it, a queue is served by whoever sees it.
    private static let patience = Duration.seconds(5)

    /// A commit takes no longer, with the inquiry into what became of it. What is younger may still be on its way here.
    private static let longestCommit = Duration.seconds(30)

    /// - Parameters:
    ///   - node: the process, as it claims deliveries.
    ///   - link: reaches the other nodes; nil where one process has the database for itself.
    ///   - count: is told how many nodes are alive.
    package init(
        deliveries: DeliveryStore, transports: Transports, limits: DeliveryLimits = DeliveryLimits(), logger: Logger,
        clock: ServiceClock, node: Node = Node(id: Node.only), link: (any NodeLink)? = nil,
        count: NodeCount = NodeCount()
    ) {
        self.deliveries = deliveries
        self.transports = transports
        self.limits = limits
        self.logger = logger
        metrics = RoutingMetrics(kinds: deliveries.kinds)
        self.clock = clock
        (self.node, self.link, self.count) = (node, link, count)
        state = Mutex(EngineState(limits: limits, at: clock.moment))
    }

    /// Tells the engine that something may be due at these queues. Returns at once.
    package func wake(_ queues: [ChannelQueue]) { inbox.wake(queues.map { ($0, nil) }) }

    /// The same, with the receivers' hosts where they are known.
    func wake(_ acceptance: Acceptance) { inbox.wake(acceptance.dueQueues.map { ($0.queue, $0.host) }) }

    /// Sets room aside for an event that is about to be accepted, so that what goes to receivers with room and without a
    /// backlog is claimed along with it. `accepted` or `refused` has to follow. Nil if there is no such room.
    func reserve(for organization: OrganizationID) -> Reservation? {
        state.withLock { $0.reserve(for: organization, at: clock.moment) }
    }

    func permit(for reservation: Reservation) -> ClaimPermit {
        ClaimPermit(channels: Set(reservation.turns.map(\.queue.channelID)), owner: node.id, lease: limits.lease)
    }

    /// Sends what was claimed with an event, and claims the rest. Returns at once.
    func accepted(_ acceptance: Acceptance, using reservation: Reservation?) {
        inbox.add(AcceptedEvent(reservation: reservation, acceptance: acceptance))
    }

    /// Takes the room back: the event was not accepted.
    func refused(_ reservation: Reservation?) {
        if let reservation { inbox.add(AcceptedEvent(reservation: reservation, acceptance: nil)) }
    }

    /// Stops claiming, before the process ends. What is in flight goes on.
    package func close() { inbox.add(.closing) }

    /// Reclaims what an earlier process of this node left claimed, then delivers until the service shuts down. What is in
    /// flight then ends by its deadline; what is due stays due. Throws `RepositoryError` only if it cannot reclaim.
    package func run() async throws {
        let queues = try await deliveries.begin(as: node, isOnly: link == nil)
        if link == nil {
            metrics.nodes(1)
            metrics.inCharge(true)
        }
        link?.listen(hear)
        link?.tell(.changed)
        await withGracefulShutdownHandler {
            await loop(.began(queues))
        } onGracefulShutdown: {
            self.inbox.add(.shutDown)
        }
        await leave()
    }

    private func leave() async {
        do throws(RepositoryError) {
            try await deliveries.leave(node)
            link?.tell(.changed)
        } catch {
            logger.failure("Could not give claims back at the end", error)
        }
    }

    private func hear(_ news: NodeNews) {
        switch news {
        case .changed: inbox.add(.nodesChanged)
        case .due(let queue): inbox.wake([(queue, nil)])
        }
    }

    /// Every effect ends in an input, and inputs pass through the state one batch at a time. When the task is cancelled, only
    /// what is in flight counts.
    private func loop(_ first: EngineInput) async {
        inbox.add(first)
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.tick() }
                while true {
                    let inputs = await inbox.next()
                    let (effects, sending) = state.withLock { state in
                        (state.step(inputs, at: clock.moment), state.sending)
                    }
                    metrics.underWay(sending)
                    for effect in effects {
                        if case .finish = effect { return group.cancelAll() }
                        group.addTask { self.inbox.add(await self.perform(effect)) }
                    }
                }
            }
        } onCancel: {
            inbox.add(.cancelled)
        }
    }

    private func tick() async {
        while (try? await Task.sleep(for: Self.tick)) != nil { inbox.add(.ticked) }
    }
}

// MARK: Effects

/// Each returns its result as an input.
extension DeliveryEngine {
    private func perform(_ effect: EngineEffect) async -> EngineInput {
        switch effect {
        case .write(let work): await write(work)
        case .send(let delivery): await send(delivery)
        case .release(let delivery): await release(delivery)
        case .sweep: await sweep()
        case .followWallClock(let delta): await followWallClock(by: delta)
        case .finish: .shutDown
        }
    }

    private func write(_ work: EngineWork) async -> EngineInput {
        do {
            let progress = try await deliveries.progress(
                recording: work.results,
                claiming: work.turns.map { ClaimRequest(queue: $0.queue, limit: $0.limit) }, owner: node.id,
                lease: limits.lease)
            note(progress.claims)
            shareOut(progress.claims)
            for (result, recorded) in zip(work.results, progress.recorded) where !recorded.isOurs {
                logger.warning(
                    "A result arrived after its lease had ended", metadata: ["delivery": "\(result.delivery.id)"])
            }
            return .written(work, progress)
        } catch {
            if work.count == 1 { log(error, about: work) }
            return .writeFailed(work)
        }
    }

    /// Only of what failed by itself.
    private func log(_ error: RepositoryError, about work: EngineWork) {
        for turn in work.turns {
            logger.error("Could not claim deliveries", metadata: ["queue": "\(turn.queue)", "error": "\(error)"])
        }
        for result in work.results {
            let id = "\(result.delivery.id)"
            logger.error("Could not write a result", metadata: ["delivery": "\(id)", "error": "\(error)"])
        }
    }

    private func note(_ claims: [QueueClaim]) {
        for claim in claims where claim.setAside > 0 {
            metrics.setAside(claim.setAside)
            logger.error("Set aside an unreadable delivery", metadata: ["queue": "\(claim.queue)"])
        }
    }

    /// Makes one attempt. An interrupted one is neither delivered nor failed, unless the answer came first.
    private func send(_ delivery: ClaimedDelivery) async -> EngineInput {
        let startedAt = clock.now
        guard let kind = delivery.channel.knownKind else {
            return .answered(delivery, .unknownKind(at: startedAt), jitter: 0)
        }
        let settings = delivery.channel.settings
        let notice = delivery.notice(at: startedAt)
        let message: any OutboundMessage = kind.message(for: notice, settings: settings)
        let exchange = await message.send(
            by: transports, for: delivery.queue.organizationID, deadline: limits.deadline)
        if Task.isCancelled, exchange.answer == nil { return .brokenOff(delivery) }
        let reading = kind.reading(of: exchange, on: message, for: notice, settings: settings)
        // Most answers are empty or `ok` and cannot contain a secret; the headers are kept only of a failure.
        let mayTell = exchange.mayTellSecrets || reading.verdict != .delivered
        let secrets = mayTell ? KnownSecrets(of: message, settings: settings, kind: kind) : .none
        let answer = AttemptAnswer(startedAt: startedAt, exchange: exchange, reading: reading, secrets: secrets)
        metrics.attempt(kind.id, answer)
        return .answered(delivery, answer, jitter: reading.verdict == .delivered ? 0 : .random(in: 0..<1))
    }

    private func release(_ delivery: ClaimedDelivery) async -> EngineInput {
        do {
            try await deliveries.release([delivery])
        } catch {
            logger.error("Could not release a lease", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
        }
        return .released
    }

    /// What is due right after a claim is more than this node sends at once.
    private func shareOut(_ claims: [QueueClaim]) {
        guard let link, count.value > 1 else { return }
        let now = clock.scheduled
        for claim in claims where !claim.deliveries.isEmpty {
            if let next = claim.nextDueAt, next <= now { link.tell(.due(claim.queue)) }
        }
    }

    /// Where one process has the database for itself, there is nobody to find.
    private func sweep() async -> EngineInput {
        guard let link else { return .swept(Sweep()) }
        // Even while the database is away: then another node may be.
        defer { metrics.inCharge(link.isInCharge) }
        do throws(RepositoryError) {
            try await clock.set(by: link)
            let beat = try await deliveries.beat(as: node, isInCharge: link.isInCharge)
            for id in beat.gone { logger.warning("Took over from a node that is gone", metadata: ["node": "\(id)"]) }
            count.set(beat.alive.count)
            metrics.nodes(beat.alive.count)
            return .swept(Sweep(nodes: beat.alive.count, queues: await neglected(beat, link)))
        } catch {
            logger.failure("Could not give a sign of life", error)
            return .swept(nil)
        }
    }

    /// Queues that somebody has to look after. A node that cannot look for them lives on, and tries again at the next sweep.
    private func neglected(_ beat: Beat, _ link: any NodeLink) async -> [DueQueue] {
        do throws(RepositoryError) {
            let queues = try await unknown(to: link) + unserved(beat, alive.withLock { $0 })
            alive.withLock { $0 = beat.alive }
            return queues
        } catch {
            logger.error("Could not look for queues that nobody serves", metadata: ["error": "\(error)"])
            return []
        }
    }

    /// A node that is gone knew when its queues are due; others have to look. Besides, telling can fail.
    private func unserved(_ beat: Beat, _ before: Set<String>) async throws(RepositoryError) -> [DueQueue] {
        let isOneGone = !beat.gone.isEmpty || !before.isSubset(of: beat.alive)
        guard isOneGone || beat.alive.count > 1 else { return [] }
        return try await deliveries.dueQueues(overdueBy: isOneGone ? nil : Self.patience)
    }

    /// After a write that may or may not have succeeded: what it claimed for this node, and what it made due, without
    /// this node's knowledge.
    private func unknown(to link: any NodeLink) async throws(RepositoryError) -> [DueQueue] {
        let (count, now) = (link.uncertainCommits, clock.steadyNow)
        guard uncertainty.withLock({ $0.isOld(count, at: now, after: Self.longestCommit) }) else { return [] }
        let known = state.withLock { state in Set(state.underWay.keys.map(\.delivery)) }
        let claimed = try await deliveries.releaseUnknown(of: node.id, known: known, age: Self.longestCommit)
        // What it made due may be due later, and nobody else may know of it.
        let due = try await deliveries.dueQueues(overdueBy: nil)
        uncertainty.withLock { $0.resolve(count) }
        return claimed + due
    }

    private func followWallClock(by delta: Duration) async -> EngineInput {
        do {
            try await deliveries.followWallClock(by: delta, of: clock)
            logger.notice("The wall clock was set; due times are as far away as before", metadata: ["by": "\(delta)"])
        } catch {
            logger.failure("Could not follow the wall clock", error)
        }
        return .wallClockFollowed
    }
}

extension ClaimedDelivery {
    fileprivate func notice(at time: Timestamp) -> Notice {
        Notice(
            content: endedRun?.content ?? content, deliveryID: id, attempt: attempt, at: time, runLink: runLink,
            startedMessage: startedMessage?.id)
    }
}
