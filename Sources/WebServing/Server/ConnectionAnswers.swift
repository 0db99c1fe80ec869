import Hummingbird
import NIOCore
import NIOHTTP1
import Notifications

/// Handles what only the connection can do about responses: gives Hummingbird's bare refusals a problem as their body,
/// closes connections that cannot be reused in an orderly way, and answers `Expect: 100-continue`.
final class ConnectionAnswers: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a client may keep reading and sending after the last response. Closing at once, with bytes of its
    /// request unread, would reset the connection and might lose the response.
    private static let linger: TimeAmount = .seconds(1)

    private var headsRead = 0
    private var requestsRead = 0
    private var answersWritten = 0
    /// The request that asked to close the connection, counted from 0.
    private var lastRequest: Int?
    private var closesAfterAnswer = false
    private var dropsBody = false
    private var isClosing = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            if !head.isKeepAlive { lastRequest = headsRead }
            headsRead += 1
            inviteBody(of: head, context)
        case .body: break
        case .end: requestsRead += 1
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code < 200: context.write(data, promise: promise)
        case .head(let head): write(head, context, promise)
        case .body:
            if dropsBody { promise?.succeed() } else { context.write(data, promise: promise) }
        case .end:
            context.write(data, promise: promise)
            answersWritten += 1
            if closesAfterAnswer { close(context) }
        }
    }

    private func write(_ head: HTTPResponseHead, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        var head = head
        let isEarly = requestsRead <= answersWritten
        let isOurs = head.headers.contains(name: "x-request-id")
        if isEarly || !isOurs || lastRequest == answersWritten {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        closesAfterAnswer = !head.isKeepAlive
        guard !isOurs else { return context.write(wrapOutboundOut(.head(head)), promise: promise) }
        dropsBody = true
        let body = fill(&head)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: promise)
    }

    /// Each of our responses has a request id. One without is Hummingbird's own: it could not read the request.
    private func fill(_ head: inout HTTPResponseHead) -> ByteBuffer {
        let problem =
            head.status == .badRequest ? Problem.badRequest("The request is not valid HTTP/1.1.") : .internalError
        let requestID = RequestID().description
        let body = ByteBuffer(bytes: problem.body(requestID: requestID))
        for (name, value) in [
            ("content-type", Problem.mediaType), ("content-length", String(body.readableBytes)),
            ("x-request-id", requestID), ("x-content-type-options", "nosniff"), ("cache-control", "no-store"),
        ] {
            head.headers.replaceOrAdd(name: name, value: value)
        }
        return body
    }

    /// `Expect: 100-continue` (RFC 9110, section 10.1.1): without a response, curl waits a second before it sends a
    /// larger body. A body that will be refused for its length gets no 100.
    private func inviteBody(of head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.headers.contains(name: "expect"),
            head.headers.first(name: "expect")?.lowercased().sameBytes(as: "100-continue") == true,
            headsRead == answersWritten + 1,
            head.headers.first(name: "content-length").flatMap({ Int($0) }) ?? 0 <= BodyLimit.batch
        else { return }
        let informal = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(informal)), promise: nil)
    }

    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        context.flush()
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { context.close(promise: nil) }
    }
}
