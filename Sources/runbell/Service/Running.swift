import Logging
import ServiceLifecycle
import UnixSignals

extension Assembly {
    /// Runs until SIGTERM or SIGINT. Whatever is in flight then has 25 s to end, and another 5 s after being cancelled
    /// (`LastResort`). `first` starts before the service and stops after it; `last` the other way round.
    func run(
        first: [any Service] = [], last: [any Service] = [], onReady: @escaping @Sendable () async -> Void
    ) async throws(CommandFailure) {
        var configuration = ServiceGroupConfiguration(
            services: first + services(onReady: onReady) + last + [gate], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        let group = ServiceGroup(configuration: configuration)
        do {
            try await group.run()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.failed, Self.text(error, listen: plan.listen))
        }
        try await close()
    }

    private static func text(_ error: any Error, listen: ListenAddress) -> String {
        PortProbe.obstacle(at: listen) ?? "the service stopped: \(error)"
    }
}
