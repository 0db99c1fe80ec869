import Logging
import Repository
import ServiceLifecycle

/// Does the removals of channels that nobody has undone in time.
package struct PlannedRemovals: Service {
    private let repository: Repository
    private let logger: Logger
    private let interval: Duration

    package init(repository: Repository, logger: Logger, interval: Duration = .seconds(5)) {
        self.repository = repository
        self.logger = logger
        self.interval = interval
    }

    /// Until it is shut down. What cannot be done now is tried again at the next look.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do throws(RepositoryError) {
                    try await repository.removePlannedChannels()
                } catch {
                    logger.error("Planned removals of channels wait", metadata: ["reason": "\(error)"])
                }
                try await Task.sleep(for: interval)
            }
        }
    }
}
