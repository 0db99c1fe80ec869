import CoreMetrics
import Logging
import Repository
import ServiceLifecycle

/// What the audit logs need beside what is done: signed checkpoints, the entries of merged refusals, and what databases
/// of versions before this lack. It ends after all who write entries, with a last checkpoint over them.
package struct AuditKeeper: Service {
    private let repository: Repository
    private let logger: Logger
    private let interval: Duration
    private let refusals = Counter(label: "runbell_refusals_total")

    /// Between two pieces of what older databases lack, so that others get to write.
    private static let pause = Duration.milliseconds(20)

    package init(repository: Repository, logger: Logger, interval: Duration = .milliseconds(500)) {
        self.repository = repository
        self.logger = logger
        self.interval = interval
    }

    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await keep() }
            group.addTask { await bringUpToDate() }
        }
        await write(isLast: true)
    }

    private func keep() async {
        while !ServicePause.isEnding {
            await write(isLast: false)
            await ServicePause.rest(interval)
        }
    }

    private func write(isLast: Bool) async {
        do throws(RepositoryError) {
            let refused = try await repository.writeRefusals(isLast: isLast)
            refusals.increment(by: refused)
            _ = try await repository.writeAuditCheckpoint(isLast: isLast)
        } catch {
            logger.error("Audit log maintenance failed; will retry", metadata: ["error": "\(error)"])
        }
    }

    private func bringUpToDate() async {
        await pieces("heads of audit logs from before") { () throws(RepositoryError) in
            try await repository.takeOverAuditHeads()
        }
        await pieces("answers that were kept in clear") { () throws(RepositoryError) in
            try await repository.eraseAnswersInClear() > 0
        }
    }

    /// Until there is nothing left. What fails is tried again after a while.
    private func pieces(_ what: String, _ piece: @Sendable () async throws(RepositoryError) -> Bool) async {
        var isMore = true
        while isMore, !ServicePause.isEnding {
            do throws(RepositoryError) {
                isMore = try await piece()
                await ServicePause.rest(Self.pause)
            } catch {
                logger.error(
                    "A maintenance task failed; will retry", metadata: ["task": "\(what)", "error": "\(error)"])
                await ServicePause.rest(.seconds(10))
            }
        }
    }
}
