import CoreMetrics
import Logging
import Repository
import ServiceLifecycle

/// Writes signed checkpoints of the audit logs, and the entries that count refused requests. It stops after everything
/// that writes entries, with a last checkpoint over them.
package struct AuditKeeper: Service {
    private let store: MaintenanceStore
    private let logger: Logger
    private let interval: Duration
    private let isInCharge: @Sendable () -> Bool
    private let refusals = Counter(label: "runbell_refusals_total")

    /// - Parameter isInCharge: whether this is the one of all nodes that writes checkpoints. Each writes its own refusals.
    package init(
        store: MaintenanceStore, logger: Logger, interval: Duration = .milliseconds(500),
        isInCharge: @escaping @Sendable () -> Bool = { true }
    ) {
        self.store = store
        self.logger = logger
        self.interval = interval
        self.isInCharge = isInCharge
    }

    /// Works every `interval` until the service shuts down. Failures are logged and retried.
    package func run() async {
        while !ServicePause.isEnding {
            await write(isLast: false)
            await ServicePause.rest(interval)
        }
        await write(isLast: true)
    }

    private func write(isLast: Bool) async {
        do throws(RepositoryError) {
            let refused = try await store.writeRefusals(isLast: isLast)
            refusals.increment(by: refused)
            if isInCharge() { _ = try await store.writeAuditCheckpoint(isLast: isLast) }
        } catch {
            logger.failure("Audit log maintenance failed; will retry", error)
        }
    }
}
