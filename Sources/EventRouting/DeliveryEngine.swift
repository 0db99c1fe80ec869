import Logging
import Notifications
import Repository
import ServiceLifecycle
import Synchronization

/// Claims what is due, sends it, and writes what came of it. All that must survive is in the database; what is in memory
/// only says whose turn it is.
package final class DeliveryEngine: Service {
    let repository: Repository
    let transport: any Transport
    let limits: DeliveryLimits
    let logger: Logger
    let now: @Sendable () -> Timestamp
    let metrics = RoutingMetrics()

    private let turns: Mutex<Turns>
    private let isStopping = Mutex(false)
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    /// Names this process in the leases it holds.
    private let owner: String

    /// Lanes claimed in one transaction.
    private static let turnsAtOnce = 64
    /// How often the engine looks at its clock when nothing wakes it.
    private static let tick = Duration.milliseconds(250)
    /// How long lanes rest that could not be claimed.
    private static let rest = Duration.seconds(2)

    package init(
        repository: Repository, transport: any Transport, limits: DeliveryLimits = DeliveryLimits(), logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.repository = repository
        self.transport = transport
        self.limits = limits
        self.logger = logger
        self.now = now
        turns = Mutex(Turns(limits: limits))
        owner = DeliveryID(at: now()).text
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something may be due at these lanes.
    package func wake(_ lanes: [Lane]) {
        guard !lanes.isEmpty else { return }
        let time = now()
        turns.withLock { turns in
            for lane in lanes { turns.due(lane, at: time) }
        }
        signal.yield()
    }

    /// Takes back what an earlier process left claimed, then delivers until the service shuts down. What is under way
    /// then ends by its deadline; what is due stays due.
    package func run() async throws {
        let recovered = try await repository.recover(expiredOnly: false)
        if recovered > 0 {
            logger.notice("Took back deliveries that were under way", metadata: ["count": "\(recovered)"])
        }
        try await loadDueLanes()
        try await withGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await self.repeatedly(every: Self.tick) { self.signal.yield() } }
                group.addTask { await self.repeatedly(every: self.limits.sweep) { await self.tidy() } }
                for await _ in signals {
                    if isStopping.withLock({ $0 }) { break }
                    while let sendings = await claim() {
                        for sending in sendings { group.addTask { await self.deliver(sending) } }
                    }
                }
            }
        } onGracefulShutdown: {
            self.isStopping.withLock { $0 = true }
            self.signal.yield()
        }
    }

    /// Nil when there is nothing to claim now.
    private func claim() async -> [Sending]? {
        guard !isStopping.withLock({ $0 }) else { return nil }
        let time = now()
        let next = turns.withLock { $0.next(at: time, count: Self.turnsAtOnce) }
        return next.isEmpty ? nil : await claim(next)
    }

    private func claim(_ next: [Turns.Turn]) async -> [Sending] {
        do {
            let claims = try await repository.claim(
                next.map { ($0.lane, $0.limit) }, owner: owner, lease: limits.lease)
            return zip(next, claims).flatMap { took($1, by: $0) }
        } catch {
            return await rest(next, after: error)
        }
    }

    /// One lane that cannot be read (its settings do not open, say) must not hold up the others: each is claimed alone,
    /// and the one that fails again rests.
    private func rest(_ next: [Turns.Turn], after error: RepositoryError) async -> [Sending] {
        guard let turn = next.first, next.count == 1 else {
            var sendings: [Sending] = []
            for turn in next { sendings += await claim([turn]) }
            return sendings
        }
        logger.error("Could not claim deliveries", metadata: ["lane": "\(turn.lane)", "error": "\(error)"])
        let time = now() + Self.rest
        turns.withLock { $0.claimed(turn, count: 0, host: nil, nextDueAt: time) }
        return []
    }

    private func took(_ claim: LaneClaim, by turn: Turns.Turn) -> [Sending] {
        let host = claim.host
        turns.withLock { turns in
            turns.claimed(turn, count: claim.deliveries.count, host: host, nextDueAt: claim.nextDueAt)
        }
        return claim.deliveries.map { Sending(delivery: $0, host: host) }
    }

    /// The receiver has answered, or will not: there is room for the next, while the result is still being written.
    func left(_ sending: Sending) {
        let underWay = turns.withLock { turns in
            turns.finished(sending.delivery.lane, host: sending.host)
            return turns.underWay
        }
        metrics.underWay(underWay)
        signal.yield()
    }

    /// The result is written; with `dueAt`, the delivery is due again then. The end of a run may have waited for its start.
    func settled(_ delivery: ClaimedDelivery, dueAt: Timestamp?) {
        let isStart = delivery.content.type == .testStarted
        guard let next = isStart ? now() : dueAt else { return }
        turns.withLock { $0.due(delivery.lane, at: next) }
        signal.yield()
    }

    private func loadDueLanes() async throws {
        let lanes = try await repository.dueLanes()
        turns.withLock { turns in
            for lane in lanes { turns.due(lane.lane, at: lane.dueAt) }
        }
        signal.yield()
    }

    /// Takes back leases that ended without a result, and forgets old idempotency keys.
    private func tidy() async {
        do {
            let recovered = try await repository.recover(expiredOnly: true)
            if recovered > 0 {
                logger.warning("Took back leases that had ended", metadata: ["count": "\(recovered)"])
                try await loadDueLanes()
            }
            _ = try await repository.forgetIdempotencyKeys(limit: 500)
        } catch {
            logger.error("Could not tidy up", metadata: ["error": "\(error)"])
        }
    }

    private func repeatedly(every interval: Duration, _ work: () async -> Void) async {
        while !isStopping.withLock({ $0 }), !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
            await work()
        }
    }
}

/// A claimed delivery on its way, with the host in whose room it counts.
struct Sending: Sendable {
    let delivery: ClaimedDelivery
    let host: String?
}

extension LaneClaim {
    /// The receiver's host, for the limit that all its channels share.
    fileprivate var host: String? {
        guard let url = deliveries.first?.channel.settings.text("url") else { return nil }
        return try? OutboundURL(parsing: url).host
    }
}
