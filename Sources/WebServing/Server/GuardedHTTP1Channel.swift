import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1 connection with limits on request heads, and with our handlers next to the parser.
struct GuardedHTTP1Channel: ServerChildChannel {
    private let http1: HTTP1Channel
    private let connections: ConnectionCount

    init(connections: ConnectionCount, responder: @escaping HTTPChannelHandler.Responder) {
        self.connections = connections
        let configuration = HTTP1Channel.Configuration(
            idleTimeout: .seconds(10),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))
        http1 = HTTP1Channel(responder: responder, configuration: configuration)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        let hasPlace = connections.enter()
        channel.closeFuture.whenComplete { [connections] _ in connections.leave() }
        return http1.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let handlers: [any ChannelHandler] =
                hasPlace ? [ClientPresence(), ConnectionDeadlines(), ConnectionAnswers()] : [CrowdedOut()]
            let place = BodyPlace()
            try pipeline.addHandler(TransferEncodingGuard(place: place), position: .before(decoder))
            try pipeline.addHandlers([place, AbsoluteTarget()] + handlers, position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http1.handle(value: value, logger: logger)
    }
}
