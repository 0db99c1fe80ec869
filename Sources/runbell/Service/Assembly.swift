import CoreMetrics
import EventRouting
import Foundation
import Logging
import Notifications
import OutboundHTTP
import OutboundMail
import Repository
import ServiceLifecycle
import Web
import WebServing

/// A service with all parts connected, but not running yet.
struct Assembly: Sendable {
    let plan: ServicePlan
    let logger: Logger
    private let storage: Storage
    private let transport: OutboundClient
    private let mail: MailClient?
    private let engine: DeliveryEngine
    private let maintenance: MaintenanceRunner
    private let auditKeeper: AuditKeeper
    private let web: WebService

    /// Opens the data folder and migrates the database to this version's schema.
    init(_ plan: ServicePlan) async throws(CommandFailure) {
        var plan = plan
        plan.listen = PortProbe.settled(plan.listen)
        plan.policy.ownAddresses = ListeningAddress.all(listeningOn: plan.listen.host, port: plan.listen.port)
        self.plan = plan
        logger = Log.start(plan.logLevel)
        let files = try OpenFiles.raised()
        if let weakness = files.weakness { logger.warning("\(weakness)") }
        let metrics = plan.showsMetrics ? MetricsRegistry() : nil
        if let metrics { MetricsSystem.bootstrap(metrics) }
        storage = try await Storage(plan, logger: logger)
        let stores = storage.stores
        transport = try Self.transport(plan.policy)
        mail = plan.mail.map { MailClient(relay: $0.relay) { Clock.now } }
        let transports = Transports(http: transport, mail: mail)
        let nodes = NodeCount()
        engine = DeliveryEngine(
            deliveries: stores.deliveries, transports: transports, logger: logger, clock: storage.clock,
            node: storage.node, link: storage.engine.link, count: nodes)
        maintenance = MaintenanceRunner(
            deliveries: stores.deliveries, store: stores.maintenance, engine: engine, logger: logger,
            isInCharge: storage.engine.isInCharge)
        auditKeeper = AuditKeeper(
            store: stores.maintenance, logger: logger, isInCharge: storage.engine.isInCharge)
        let router = EventRouter(repository: stores.repository, engine: engine)
        let tester = ChannelTester(
            repository: stores.repository, transports: transports, wake: engine.wake
        ) { Clock.now }
        web = WebService(
            repository: stores.repository, authenticator: stores.authenticator, probe: stores.probe, router: router,
            tester: tester, policy: plan.policy,
            operatorKeyHash: storage.keys.operatorKey.hash,
            admission: AdmissionLimits(eventsPerSecond: plan.eventsPerSecond),
            nodes: nodes, hasSpace: storage.engine.hasSpace, metrics: metrics,
            visibility: Self.visibility(plan), connections: files.connections, version: Version.current)
    }

    /// What runs, in the order in which it starts. It stops in reverse order, so that no requests arrive when the
    /// engine stops.
    func services(onReady: @escaping @Sendable () async -> Void) -> [any Service] {
        let application = web.application(host: plan.listen.host, port: plan.listen.port, logger: logger) { _ in
            await onReady()
        }
        return storage.engine.services(logger) + [MemoryKeeper(), auditKeeper, engine, maintenance, application]
    }

    /// Learns of a shutdown first, so that nothing more is claimed, and minds how long it takes.
    var gate: any Service { ClosingGate(engine: engine) }

    private struct ClosingGate: Service {
        let engine: DeliveryEngine

        func run() async throws {
            // Also when another service has failed, and all are cancelled.
            defer { LastResort.begin() }
            try await gracefulShutdown()
            engine.close()
        }
    }

    /// Closes what `init` opened. Nothing may be running.
    func close() async throws(CommandFailure) {
        await transport.shutdown()
        mail?.shutdown()
        try storage.close()
    }

    private static func transport(_ policy: EgressPolicy) throws(CommandFailure) -> OutboundClient {
        do {
            return try OutboundClient(policy: policy)
        } catch {
            throw CommandFailure(.failed, "could not read the certificate authorities: \(error)")
        }
    }

    private static func visibility(_ plan: ServicePlan) -> PageVisibility {
        let host = plan.listen.host
        let isLoopback = host == "localhost" || IPAddress(host).map(\.isLoopback) ?? false
        return PageVisibility(origin: plan.publicURL, isLoopback: isLoopback, hosts: plan.hosts + [host])
    }
}
