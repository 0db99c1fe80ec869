import NIOCore
import NIOHTTP1
import NIOPosix

/// The connections of one event loop to the receiver. What finds none idle waits for the next.
final class SendingLane: Sendable {
    private struct State {
        var idle: [SendingConnection] = []
        var waiting = CircularBuffer<SentRequest>()
    }

    private static let connections = 16

    private let loop: any EventLoop
    private let paths: [String]
    private let state: NIOLoopBoundBox<State>

    init(on loop: any EventLoop, port: Int, paths: [String]) async throws {
        self.loop = loop
        self.paths = paths
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
        for _ in 0..<Self.connections {
            _ = try await ClientBootstrap(group: loop)
                .channelInitializer { [self] channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(SendingConnection(lane: self))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        }
    }

    func send(_ body: ByteBuffer) {
        loop.execute { [self] in
            for path in paths {
                let request = SentRequest(path: path, body: body)
                if let connection = state.value.idle.popLast() {
                    connection.send(request)
                } else {
                    state.value.waiting.append(request)
                }
            }
        }
    }

    /// Called on the lane's loop.
    func isFree(_ connection: SendingConnection) {
        if let next = state.value.waiting.popFirst() {
            connection.send(next)
        } else {
            state.value.idle.append(connection)
        }
    }
}

struct SentRequest {
    let path: String
    let body: ByteBuffer

    /// As many fields, and as long, as a web hook's.
    var head: HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .POST, uri: path,
            headers: [
                "Host": "127.0.0.1", "User-Agent": "frameworks", "Content-Type": "application/json",
                "Content-Length": String(body.readableBytes), "Webhook-Id": "msg_01999999-9999-7999-8999-999999999999",
                "Webhook-Timestamp": "1795900000",
                "Webhook-Signature": "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            ])
    }
}

/// One connection, one request at a time.
final class SendingConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let lane: SendingLane
    private var context: ChannelHandlerContext?

    init(lane: SendingLane) {
        self.lane = lane
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        lane.isFree(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { lane.isFree(self) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
    }

    func send(_ request: SentRequest) {
        guard let context else { return }
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(request.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
