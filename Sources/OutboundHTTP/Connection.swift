import NIOCore
import Notifications

/// One connection to a checked address, used by one request at a time.
final class Connection: Sendable {
    let target: DialTarget
    private let channel: any NIOCore.Channel
    private let handler: NIOLoopBound<ExchangeHandler>

    init(channel: any NIOCore.Channel, target: DialTarget, handler: NIOLoopBound<ExchangeHandler>) {
        self.channel = channel
        self.target = target
        self.handler = handler
    }

    var isActive: Bool { channel.isActive }

    func close() {
        channel.close(promise: nil)
    }

    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        channel.closeFuture.whenComplete { _ in action() }
    }

    /// Sends a request and reads its answer. Cancelling the calling task closes the connection.
    func exchange(_ request: WireRequest, by deadline: NIODeadline) async -> Result<Reply, ExchangeFailure> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                channel.eventLoop.execute {
                    self.handler.value.begin(request, by: deadline) { continuation.resume(returning: $0) }
                }
            }
        } onCancel: {
            close()
        }
    }
}

/// An answer and the state of the connection it came over.
struct Reply: Sendable {
    let answer: Answer
    /// From the request's last byte to the answer's head.
    let head: Duration
    let isReusable: Bool
}

enum ExchangeFailure: Error {
    /// The connection was closed while it was idle, before anything of the request was written.
    case stale
    case failed(TransportFailure)
}
