import Hummingbird
import NIOCore
import Synchronization

/// Knows whether the client of a connection is still there, and cancels what is done for one that has left. Hummingbird
/// finds that out only when it writes the answer.
final class ClientPresence: ChannelInboundHandler, Sendable {
    typealias InboundIn = NIOAny

    /// A client that will send nothing more looks the same at first, whether it has left or still waits for its answer
    /// (RFC 9112, section 9.6). So that a quick answer reaches the one that waits, it is given a moment.
    private static let moment = TimeAmount.milliseconds(250)

    private struct State {
        var hasLeft = false
        var watchers: [Int: AsyncStream<Never>.Continuation] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            context.eventLoop.scheduleTask(in: Self.moment) { self.leave() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// Does what the client waits for. When the client leaves, the work is cancelled.
    func whileHere(_ work: @escaping @Sendable () async throws -> Response) async throws -> Response {
        let (departure, continuation) = AsyncStream<Never>.makeStream()
        let number = watch(continuation)
        defer { forget(number) }
        return try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in departure {}
                return nil
            }
            defer { group.cancelAll() }
            while let first = try await group.next() {
                if let first { return first }
                group.cancelAll()
            }
            throw CancellationError()
        }
    }

    private func watch(_ continuation: AsyncStream<Never>.Continuation) -> Int {
        state.withLock { state in
            state.count += 1
            if state.hasLeft { continuation.finish() } else { state.watchers[state.count] = continuation }
            return state.count
        }
    }

    private func forget(_ number: Int) {
        state.withLock { $0.watchers[number] = nil }
    }

    private func leave() {
        let watchers = state.withLock { state in
            state.hasLeft = true
            defer { state.watchers = [:] }
            return state.watchers
        }
        for watcher in watchers.values { watcher.finish() }
    }
}
