import EventRouting
import Logging
import Notifications
import ServiceLifecycle

extension World {
    /// Runs a body alongside the engine, then shuts the engine down and waits for its end.
    static func withEngine(
        _ transport: ScriptedTransport, kinds: ChannelCatalogue = .standard(),
        limits: DeliveryLimits = DeliveryLimits(), sharing troubles: Troubles? = nil,
        _ body: @Sendable @escaping (World) async throws -> Void
    ) async throws {
        let world = try await World(transport: transport, kinds: kinds, limits: limits, sharing: troubles)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: world.engine)], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body(world)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
