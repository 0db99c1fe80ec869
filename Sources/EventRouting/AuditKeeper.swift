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
    private let refusals = Counter(label: "runbell_refusals_total")

    package init(store: MaintenanceStore, logger: Logger, interval: Duration = .milliseconds(500)) {
        self.store = store
        self.logger = logger
        self.interval = interval
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
            _ = try await store.writeAuditCheckpoint(isLast: isLast)
        } catch {
            logger.error("Audit log maintenance failed; will retry", metadata: ["error": "\(error)"])
        }
    }
}
