import NIOCore
import NIOHTTP1

/// Stands before the parser, which drops white space, and ends what has a `Transfer-Encoding` that others might read in
/// another way.
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
