import NIOCore
import NIOHTTP1

/// Sits in front of the parser, which drops white space, and closes connections with a `Transfer-Encoding` that other
/// parsers might read differently.
final class TransferEncodingGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var scan = TransferEncodingScan()
    private var isRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        isRefused = scan.refuses(unwrapInboundIn(data).readableBytesView)
        if isRefused { context.fireErrorCaught(HTTPParserError.unknown) } else { context.fireChannelRead(data) }
    }
}
