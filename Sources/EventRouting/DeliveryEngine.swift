import Logging
import Notifications
import Repository
import ServiceLifecycle

/// Claims what is due, sends it, and writes what came of it. What is to be done when is decided by `EngineState`; this
/// does it.
package final class DeliveryEngine: Service {
    let repository: Repository
    let transports: Transports
    let limits: DeliveryLimits
    let logger: Logger
    let clock: ServiceClock
    let metrics: RoutingMetrics
    private let inbox = EngineInbox()
    /// Names this process in the leases it holds.
    let owner: String

    /// How often the engine looks at its clock when nothing wakes it.
    private static let tick = Duration.milliseconds(250)

    package init(
        repository: Repository, transports: Transports, limits: DeliveryLimits = DeliveryLimits(), logger: Logger,
        clock: ServiceClock
    ) {
        self.repository = repository
        self.transports = transports
        self.limits = limits
        self.logger = logger
        metrics = RoutingMetrics(kinds: repository.kinds)
        self.clock = clock
        owner = DeliveryID(at: clock.now).text
    }

    /// Something may be due at these queues.
    package func wake(_ queues: [ChannelQueue]) { inbox.wake(queues.map { ($0, nil) }) }

    /// The same, with what is known of the receivers' hosts.
    func wake(_ acceptance: Acceptance) { inbox.wake(acceptance.dueQueues.map { ($0.queue, $0.host) }) }

    /// From now on nothing more is claimed: the process is to end. What is under way goes on.
    package func close() { inbox.close() }

    /// Takes back what an earlier process left claimed, then delivers until the service shuts down. What is under way
    /// then ends by its deadline; what is due stays due.
    package func run() async throws {
        let queues = try await repository.begin()
        await withGracefulShutdownHandler {
            await loop(.began(queues))
        } onGracefulShutdown: {
            self.inbox.shutDown()
        }
    }

    /// Everything that is done ends in an input, and every input goes through the state, one after the other.
    private func loop(_ first: EngineInput) async {
        await withTaskGroup(of: EngineInput.self) { group in
            var state = EngineState(limits: limits, at: clock.moment)
            group.addTask { await self.inbox.next() }
            group.addTask { await self.pause() }
            var next: EngineInput? = first
            while let input = next {
                listen(on: &group, after: input)
                for effect in state.step(input, at: clock.moment) {
                    if case .finish = effect { return group.cancelAll() }
                    group.addTask { await self.perform(effect) }
                }
                metrics.underWay(state.sending)
                next = await group.next()
            }
        }
    }

    /// Waits again for what was waited for, unless the task is cancelled: then only what is under way counts.
    private func listen(on group: inout TaskGroup<EngineInput>, after input: EngineInput) {
        guard !Task.isCancelled else { return }
        switch input {
        case .woken, .closing: group.addTask { await self.inbox.next() }
        case .ticked: group.addTask { await self.pause() }
        default: break
        }
    }

    private func pause() async -> EngineInput {
        try? await Task.sleep(for: Self.tick)
        return .ticked
    }
}
