import NIOCore

/// Counts the bytes of an answer as received, to stop at more than any honest answer needs.
final class WireCounter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: Int
    private var count = 0

    init(limit: Int) {
        self.limit = limit
    }

    func reset() {
        count = 0
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        count += Self.unwrapInboundIn(data).readableBytes
        if count > limit {
            context.fireErrorCaught(TooManyBytes())
        } else {
            context.fireChannelRead(data)
        }
    }
}

struct TooManyBytes: Error {}
