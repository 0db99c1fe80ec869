import Hummingbird
import NIOCore
import NIOHTTP1

/// Answers the first request of a connection over the limit with 503 and `Retry-After`, then closes it.
final class CrowdedOut: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let patience: TimeAmount = .seconds(2)
    /// How long the client may keep reading; see `ConnectionAnswers`.
    private static let linger: TimeAmount = .milliseconds(500)

    private var isAnswered = false

    func handlerAdded(context: ChannelHandlerContext) {
        close(context, in: Self.patience)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head = unwrapInboundIn(data), !isAnswered else { return }
        isAnswered = true
        let requestID = RequestID().description
        let body = ByteBuffer(bytes: Problem.overloaded.body(requestID: requestID))
        let head = HTTPResponseHead(
            version: .http1_1, status: .serviceUnavailable,
            headers: [
                "content-type": Problem.mediaType, "content-length": String(body.readableBytes), "retry-after": "1",
                "x-request-id": requestID, "x-content-type-options": "nosniff", "cache-control": "no-store",
                "connection": "close",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        close(context, in: Self.linger)
    }

    /// An unreadable request gets no response.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}
