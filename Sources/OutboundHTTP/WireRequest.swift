import NIOCore
import NIOHTTP1
import Notifications

/// A validated request that cannot be read as two.
struct WireRequest: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    /// How many bytes of the answer's body are needed; nil for what is kept of any.
    let answerBytesKept: Int?

    private static let valueLimit = 8 * 1024

    /// Fields that belong to the connection, not the request; and compressed answers are never requested.
    private static let reserved: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    init(_ request: HTTPMessage, url: OutboundURL) throws(TransportFailure) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.count + 2)
        headers.add(name: "Host", value: url.hostHeader)
        for header in request.headers {
            try Self.check(header)
            headers.add(name: header.name, value: header.value)
        }
        if request.method != .get || !request.body.isEmpty {
            headers.add(name: "Content-Length", value: String(request.body.count))
        }
        head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: url.target, headers: headers)
        body = request.body.isEmpty ? nil : ByteBuffer(bytes: request.body)
        answerBytesKept = request.answerBytesKept
    }

    private static func check(_ header: HTTPMessage.Header) throws(TransportFailure) {
        guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
            throw .refused("A request header has an invalid name.")
        }
        let name = header.name.lowercased()
        guard !reserved.contains(name), !name.startsWithBytes(of: "proxy-") else {
            throw .refused("A request header is reserved for the connection: \(header.name).")
        }
        guard header.value.utf8.count <= valueLimit, header.value.utf8.allSatisfy(isValueByte) else {
            throw .refused("A request header has an invalid value: \(header.name).")
        }
    }

    /// RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// RFC 9110 section 5.5, including the bytes above ASCII that it allows for old senders.
    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t")
    }
}
