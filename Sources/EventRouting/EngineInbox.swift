import Notifications
import Repository
import Synchronization

/// Keeps what the engine is told from outside until it listens. A queue that is woken several times meanwhile counts
/// once.
final class EngineInbox: Sendable {
    private struct Content {
        var accepted: [AcceptedEvent] = []
        var woken: [ChannelQueue: String?] = [:]
        var haveNodesChanged = false
        var isClosing = false
        var isShutDown = false

        mutating func take() -> EngineInput? {
            if !accepted.isEmpty {
                defer { accepted = [] }
                return .accepted(accepted)
            }
            if !woken.isEmpty {
                defer { woken = [:] }
                return .woken(woken.map { ($0.key, $0.value) })
            }
            if haveNodesChanged {
                haveNodesChanged = false
                return .nodesChanged
            }
            defer { (isClosing, isShutDown) = (false, false) }
            return isShutDown ? .shutDown : isClosing ? .closing : nil
        }
    }

    private let content = Mutex(Content())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func wake(_ queues: [(queue: ChannelQueue, host: String?)]) {
        guard !queues.isEmpty else { return }
        change { content in
            for (queue, host) in queues { content.woken[queue] = .some(host ?? content.woken[queue] ?? nil) }
        }
    }

    func add(_ event: AcceptedEvent) { change { $0.accepted.append(event) } }
    func nodesChanged() { change { $0.haveNodesChanged = true } }
    func close() { change { $0.isClosing = true } }
    func shutDown() { change { $0.isShutDown = true } }

    /// Waits for the next input. Returns `shutDown` if the task is cancelled.
    func next() async -> EngineInput {
        if let waiting = content.withLock({ $0.take() }) { return waiting }
        for await _ in signals {
            if let input = content.withLock({ $0.take() }) { return input }
        }
        return .shutDown
    }

    private func change(_ body: (inout Content) -> Void) {
        content.withLock { body(&$0) }
        signal.yield()
    }
}
