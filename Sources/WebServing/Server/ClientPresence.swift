import Hummingbird
import NIOCore
import Synchronization

/// Notices when the client of a connection has left, and cancels the work done for it. Hummingbird only notices when it
/// writes the response.
final class ClientPresence: ChannelInboundHandler, Sendable {
    typealias InboundIn = NIOAny

    /// A client that has only closed its sending side, and still waits for its response, looks at first like one that
    /// has left (RFC 9112, section 9.6). A short delay lets a quick response reach it.
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

    /// Runs `work` for the client, and cancels it if the client leaves.
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
