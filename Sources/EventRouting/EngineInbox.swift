import Notifications
import Repository
import Synchronization

/// Keeps what the engine is told until it listens: what comes meanwhile is one batch. A queue that is woken several times
/// meanwhile counts once.
final class EngineInbox: Sendable {
    private struct Content {
        var inputs: [EngineInput] = []
        var accepted: [AcceptedEvent] = []
        var woken: [ChannelQueue: String?] = [:]
        var listener: CheckedContinuation<[EngineInput], Never>?

        mutating func take() -> [EngineInput] {
            var taken = inputs
            if !accepted.isEmpty { taken.append(.accepted(accepted)) }
            if !woken.isEmpty { taken.append(.woken(woken.map { ($0.key, $0.value) })) }
            (inputs, accepted, woken) = ([], [], [:])
            return taken
        }
    }

    private let content = Mutex(Content())

    func wake(_ queues: [(queue: ChannelQueue, host: String?)]) {
        guard !queues.isEmpty else { return }
        change { content in
            for (queue, host) in queues { content.woken[queue] = .some(host ?? content.woken[queue] ?? nil) }
        }
    }

    func add(_ event: AcceptedEvent) { change { $0.accepted.append(event) } }
    func add(_ input: EngineInput) { change { $0.inputs.append(input) } }

    /// Waits until there is something, whether or not the task is cancelled. Only one task may listen.
    func next() async -> [EngineInput] {
        await withCheckedContinuation { listener in
            let waiting = content.withLock { content in
                let waiting = content.take()
                if waiting.isEmpty { content.listener = listener }
                return waiting
            }
            if !waiting.isEmpty { listener.resume(returning: waiting) }
        }
    }

    private func change(_ body: (inout Content) -> Void) {
        let delivery = content.withLock { content in
            body(&content)
            return content.listener.take().map { ($0, content.take()) }
        }
        if let (listener, inputs) = delivery { listener.resume(returning: inputs) }
    }
}
