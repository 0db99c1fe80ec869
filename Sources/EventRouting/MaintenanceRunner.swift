import Logging
import Notifications
import Repository
import ServiceLifecycle

/// Runs the background tasks: replays, retention, planned removals of channels, deliveries that follow a change of
/// their channel, expired idempotency keys, figures that are no longer shown, and noting the time. Each task has its own
/// interval; one that fails is logged and tried again at its next interval, and the others go on. All work in pieces,
/// each a transaction, so a stop at any moment leaves nothing half done.
package struct MaintenanceRunner: Service {
    private let deliveries: DeliveryStore
    private let store: MaintenanceStore
    private let engine: DeliveryEngine
    private let logger: Logger
    private let rhythm: Rhythm
    private let isInCharge: @Sendable () -> Bool

    /// Between two looks whether it is this node's turn: then all tasks begin at once, since nobody knows when the node
    /// before did them.
    private static let restOfOthers = Duration.seconds(1)

    /// The pause between two runs of each task.
    package struct Rhythm: Sendable {
        package var replays: Duration
        package var retention: Duration
        package var auditRetention: Duration
        package var idempotencyKeys: Duration
        package var hours: Duration
        package var removals: Duration
        package var settlements: Duration
        package var time: Duration
        /// Between two pieces of one task, so that others can write.
        package var pause: Duration

        package init(
            replays: Duration = .seconds(1), retention: Duration = .seconds(600),
            auditRetention: Duration = .seconds(6 * 3600), idempotencyKeys: Duration = .seconds(60),
            hours: Duration = .seconds(3600), removals: Duration = .seconds(5),
            settlements: Duration = .milliseconds(250),
            time: Duration = .seconds(60), pause: Duration = .milliseconds(20)
        ) {
            self.replays = replays
            self.retention = retention
            self.auditRetention = auditRetention
            self.idempotencyKeys = idempotencyKeys
            self.hours = hours
            self.removals = removals
            self.settlements = settlements
            self.time = time
            self.pause = pause
        }
    }

    /// - Parameter isInCharge: whether this is the one of all nodes that does the maintenance.
    package init(
        deliveries: DeliveryStore, store: MaintenanceStore, engine: DeliveryEngine, logger: Logger,
        rhythm: Rhythm = Rhythm(), isInCharge: @escaping @Sendable () -> Bool = { true }
    ) {
        self.deliveries = deliveries
        self.store = store
        self.engine = engine
        self.logger = logger
        self.rhythm = rhythm
        self.isInCharge = isInCharge
    }

    /// Runs all tasks until the service shuts down.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await repeatedly("replays", every: rhythm.replays, advanceReplays) }
            group.addTask { await repeatedly("retention", every: rhythm.retention, pruneEvents) }
            group.addTask { await repeatedly("audit retention", every: rhythm.auditRetention, pruneAuditEntries) }
            group.addTask { await repeatedly("idempotency keys", every: rhythm.idempotencyKeys, forgetIdempotencyKeys) }
            group.addTask { await repeatedly("hours", every: rhythm.hours, forgetHours) }
            group.addTask { await repeatedly("removals", every: rhythm.removals, removeChannels) }
            group.addTask { await repeatedly("settlements", every: rhythm.settlements, settleDeliveries) }
            group.addTask { await repeatedly("time", every: rhythm.time, noteTime) }
        }
    }

    private func repeatedly(
        _ name: String, every interval: Duration, _ task: @Sendable () async throws(RepositoryError) -> Void
    ) async {
        while !ServicePause.isEnding {
            guard isInCharge() else {
                await ServicePause.rest(min(interval, Self.restOfOthers))
                continue
            }
            do throws(RepositoryError) {
                try await task()
            } catch {
                logger.failure("A maintenance task failed; will retry", error, ["task": "\(name)"])
            }
            await ServicePause.rest(interval)
        }
    }
}

extension MaintenanceRunner {
    /// Advances each running replay by one piece. A piece in which nothing was to be sent is followed by the next at
    /// once.
    @Sendable private func advanceReplays() async throws(RepositoryError) {
        var isLooking = true
        while isLooking, !ServicePause.isEnding {
            isLooking = false
            for (organization, replay) in try await deliveries.replaysToAdvance() {
                guard let progress = await advance(replay, of: organization) else { continue }
                if progress.requeued > 0 { engine.wake([progress.queue]) }
                isLooking = isLooking || progress.requeued == 0
            }
            if isLooking { await ServicePause.rest(rhythm.pause) }
        }
    }

    /// Nil when the replay is no longer running, or failed this time: that must not stop the replays behind it.
    private func advance(_ replay: ReplayID, of organization: OrganizationID) async -> ReplayProgress? {
        do {
            let progress = try await deliveries.advanceReplay(replay, of: organization)
            engine.metrics.setAside(progress?.setAside ?? 0)
            return progress
        } catch {
            logger.failure("A replay could not continue; will retry", error, ["replay": "\(replay)"])
            return nil
        }
    }

    /// Organizations with expired events take turns, a piece each, so that a large one does not keep others waiting.
    @Sendable private func pruneEvents() async throws(RepositoryError) {
        var visits = RetentionVisits()
        while !ServicePause.isEnding {
            let due = visits.open(among: try await store.organizationsToPrune(.events))
            if due.isEmpty { return }
            for organization in due where !ServicePause.isEnding {
                do throws(RepositoryError) {
                    try await prune(organization, &visits)
                } catch {
                    visits.fail(organization)
                    logFailure("retention", of: organization, error)
                }
            }
        }
    }

    private func prune(_ organization: OrganizationID, _ visits: inout RetentionVisits) async throws(RepositoryError) {
        let piece = try await store.pruneEvents(of: organization, after: visits[organization].cursor)
        visits.note(piece, of: organization)
        // In proportion to the rows: a hundred thousand organizations may have a few each.
        await ServicePause.rest(rhythm.pause * piece.rows / MaintenanceStore.rowsPrunedAtOnce)
        guard piece.next == nil else { return }
        while try await store.pruneChannels(of: organization) > 0, !ServicePause.isEnding {
            await ServicePause.rest(rhythm.pause)
        }
        let visit = visits.close(organization)
        try await store.finishPruning(of: organization, expired: visit.expired, in: .events)
        note("Deleted old events", visit.events, of: organization)
    }

    @Sendable private func pruneAuditEntries() async throws(RepositoryError) {
        while case let due = try await store.organizationsToPrune(.auditLog), !due.isEmpty, !ServicePause.isEnding {
            for organization in due where !ServicePause.isEnding { try await pruneAuditEntries(of: organization) }
        }
        while try await store.pruneAuditCheckpoints() > 0, !ServicePause.isEnding {
            await ServicePause.rest(rhythm.pause)
        }
    }

    private func pruneAuditEntries(of organization: OrganizationID) async throws(RepositoryError) {
        var (count, piece) = (0, 0)
        repeat {
            piece = try await store.pruneAuditEntries(of: organization)
            count += piece
            await ServicePause.rest(rhythm.pause * piece / MaintenanceStore.rowsPrunedAtOnce)
        } while piece > 0 && !ServicePause.isEnding
        if piece == 0 { try await store.finishPruning(of: organization, expired: 0, in: .auditLog) }
        note("Pruned the audit log", count, of: organization)
    }

    @Sendable private func noteTime() async throws(RepositoryError) {
        try await store.noteTime()
    }

    @Sendable private func removeChannels() async throws(RepositoryError) {
        try await store.removePlannedChannels()
    }

    /// Settles what is due at channels that were disabled, removed or resumed, a piece at a time.
    @Sendable private func settleDeliveries() async throws(RepositoryError) {
        var last: ChannelQueue?
        while !ServicePause.isEnding, let queue = try await deliveries.settle(after: last) {
            engine.wake([queue])
            last = queue
            await ServicePause.rest(rhythm.pause)
        }
    }

    @Sendable private func forgetIdempotencyKeys() async throws(RepositoryError) {
        var count = 0
        repeat {
            count = try await store.forgetIdempotencyKeys(limit: MaintenanceStore.rowsPrunedAtOnce)
            if count > 0 { await ServicePause.rest(rhythm.pause) }
        } while count > 0 && !ServicePause.isEnding
    }

    @Sendable private func forgetHours() async throws(RepositoryError) {
        while try await store.forgetHours(limit: MaintenanceStore.rowsPrunedAtOnce) > 0, !ServicePause.isEnding {
            await ServicePause.rest(rhythm.pause)
        }
    }

    private func logFailure(_ task: String, of organization: OrganizationID, _ error: RepositoryError) {
        logger.failure(
            "A maintenance task failed; will retry", error, ["task": "\(task)", "organization": "\(organization)"])
    }

    private func note(_ text: Logger.Message, _ count: Int, of organization: OrganizationID) {
        guard count > 0 else { return }
        logger.info(text, metadata: ["organization": "\(organization)", "count": "\(count)"])
    }
}
