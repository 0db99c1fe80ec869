import NIOCore
import NIOHTTP1

/// Sits in front of the parser, which drops white space, and closes connections with a `Transfer-Encoding` that other
/// parsers might read differently.
///
/// Bodies may hold such a line. Whether one is part of a body is the parser's to say, since only its reading counts: it
/// is given everything in front of the line's wrong byte first. The parser reads what it is given at once, and passes
/// on a head as soon as it has ended.
final class TransferEncodingGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let place: BodyPlace
    private var scan = TransferEncodingScan()
    private var isRefused = false

    /// - Parameter place: sits behind the parser.
    init(place: BodyPlace) {
        self.place = place
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        var rest = unwrapInboundIn(data)
        var searched = 0
        while let unusual = scan.unusual(in: rest.readableBytesView.dropFirst(searched)) {
            let count = unusual - rest.readerIndex
            if let before = rest.readSlice(length: count), count > 0 { context.fireChannelRead(wrapInboundOut(before)) }
            guard place.isInBody else {
                isRefused = true
                context.fireErrorCaught(HTTPParserError.unknown)
                return
            }
            searched = 1
        }
        if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
    }
}

/// Sits behind the parser, and knows whether what comes next is part of a body.
final class BodyPlace: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private(set) var isInBody = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isInBody = true
        case .body: break
        case .end: isInBody = false
        }
        context.fireChannelRead(data)
    }
}
