import EventRouting
import Logging
import Notifications
import Repository
import ServiceLifecycle
import TestSupport
import Testing

@Suite struct MaintenanceTests {
    private static let quick = MaintenanceRunner.Rhythm(
        replays: .milliseconds(5), retention: .milliseconds(5), auditRetention: .milliseconds(5),
        idempotencyKeys: .milliseconds(5), pause: .milliseconds(1))

    /// Runs a body alongside the maintenance, which must end promptly after it.
    private func withMaintenance(
        _ world: World, _ body: @Sendable @escaping () async throws -> Void
    ) async throws {
        let maintenance = MaintenanceRunner(
            deliveries: world.stores.deliveries, store: world.stores.maintenance, engine: world.engine,
            logger: Logger(label: "test"), rhythm: Self.quick)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: maintenance)], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func replaysContinueAndExpiredDataIsDeleted() async throws {
        let world = try await World(transport: ScriptedTransport(status: 200))
        _ = try await world.router.accept(
            .testStarted(.sample()), idempotencyKey: "a key", as: world.service)
        world.advance(by: .seconds(60))
        let channel = try await world.channel("Late")
        let replay = try await world.repository.startReplay(
            ReplayRequest(
                channelID: channel.id, since: world.now - .seconds(3600), until: world.now, selection: [.missing]),
            in: world.organization, as: world.owner)
        try await withMaintenance(world) {
            try await wait {
                let report = try await world.repository.replay(replay.id, of: world.organization, as: world.owner)
                return report.replay.state == .finished && report.deliveries[.due] == 1
            }
            try await world.database.execute("UPDATE deliveries SET state = 'delivered'")
            world.advance(by: .seconds(86_400 * 500))
            try await wait {
                let ledger = try await world.repository.ledger(
                    of: world.organization, since: nil, until: nil, as: world.owner)
                return ledger.events == 0 && ledger.isBalanced
            }
            try await wait {
                try await world.repository.auditEntries(
                    after: 0, limit: 1, of: world.organization, as: world.owner
                ).first.map { $0.sequence > 1 } ?? false
            }
            try await wait { try await world.count("SELECT count(*) FROM idempotency_keys") == 0 }
        }
    }

    @Test func aFailingTaskDoesNotStopTheOthers() async throws {
        let world = try await World(transport: ScriptedTransport(status: 200))
        _ = try await world.router.accept(.testStarted(.sample()), idempotencyKey: "a key", as: world.service)
        // Too many to delete in one transaction.
        let many = (1...250).map { EventContent.testStarted(.sample($0)) }
        _ = try await world.router.accept(firstOf: many[...], as: world.service)
        world.advance(by: .seconds(86_400 * 100))
        try await world.database.execute("DROP TABLE replays")
        try await withMaintenance(world) {
            try await wait { try await world.count("SELECT count(*) FROM events") == 0 }
            try await wait { try await world.count("SELECT count(*) FROM idempotency_keys") == 0 }
        }
    }
}

extension World {
    fileprivate func count(_ statement: String) async throws -> Int64? {
        try await database.read { connection throws(RepositoryError) in
            try connection.row(statement, []) { row in row.integer(0) }
        }
    }
}
