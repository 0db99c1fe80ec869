import NIOCore
import NIOHTTP1
import Notifications

/// Turns a request target in absolute form (`http://host/path`) into its path, and its host into the `Host` that counts: the
/// header is ignored then (RFC 9112, section 3.2.2). Hummingbird's codec, behind it, would drop the target's host instead.
final class AbsoluteTarget: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Without exactly one `Host`, the request is refused anyway.
        guard case .head(var head) = unwrapInboundIn(data), let target = Self.parts(of: head.uri),
            head.headers["host"].count == 1
        else { return context.fireChannelRead(data) }
        head.uri = target.path
        head.headers.replaceOrAdd(name: "host", value: target.authority)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Nil for a target in another form.
    static func parts(of target: String) -> (authority: String, path: String)? {
        guard target.utf8.first != UInt8(ascii: "/") else { return nil }
        let bytes = target.utf8.drop { $0 != UInt8(ascii: ":") }
        guard bytes.starts(with: "://".utf8) else { return nil }
        let behind = bytes.dropFirst(3)
        let path = behind.drop { !"/?#".utf8.contains($0) }
        let start = path.first == UInt8(ascii: "/") ? "" : "/"
        return (
            String(decoding: behind[..<path.startIndex], as: UTF8.self), start + String(decoding: path, as: UTF8.self)
        )
    }
}
