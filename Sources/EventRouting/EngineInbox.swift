import Notifications
import Repository
import Synchronization

/// What the engine is told from outside, kept until it listens. Lanes that are told again meanwhile count once.
final class EngineInbox: Sendable {
    private struct Content {
        var woken: [Lane: String?] = [:]
        var isClosing = false
        var isShutDown = false

        mutating func take() -> EngineInput? {
            if !woken.isEmpty {
                defer { woken = [:] }
                return .woken(woken.map { ($0.key, $0.value) })
            }
            if isShutDown { return .shutDown }
            defer { isClosing = false }
            return isClosing ? .closing : nil
        }
    }

    private let content = Mutex(Content())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func wake(_ lanes: [(lane: Lane, host: String?)]) {
        guard !lanes.isEmpty else { return }
        change { content in
            for (lane, host) in lanes { content.woken[lane] = .some(host ?? content.woken[lane] ?? nil) }
        }
    }

    func close() { change { $0.isClosing = true } }
    func shutDown() { change { $0.isShutDown = true } }

    /// Waits for the next; `shutDown` too when the task is cancelled.
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
