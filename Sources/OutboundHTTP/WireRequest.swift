import NIOCore
import NIOHTTP1
import Notifications

/// A validated request that cannot be read as two, in the bytes that are sent (RFC 9112).
struct WireRequest: Sendable {
    let method: HTTPMethod
    let bytes: ByteBuffer
    /// How many bytes of the answer's body are needed; nil for what is kept of any.
    let answerBytesKept: Int?

    private static let valueLimit = 8 * 1024
    /// What most heads fit into.
    private static let headBytes = 1024

    /// Fields that belong to the connection, not the request; and compressed answers are never requested.
    private static let reserved = [
        "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]
    private static let reservedPrefix = "proxy-"

    init(_ request: HTTPMessage, url: OutboundURL) throws(TransportFailure) {
        var bytes = ByteBufferAllocator().buffer(capacity: Self.headBytes + request.body.count)
        bytes.writeString("\(request.method.rawValue) \(url.target) HTTP/1.1\r\n")
        bytes.writeField("Host", url.hostHeader)
        for header in request.headers {
            try Self.check(header)
            bytes.writeField(header.name, header.value)
        }
        if request.method != .get || !request.body.isEmpty {
            bytes.writeField("Content-Length", String(request.body.count))
        }
        bytes.writeStaticString("\r\n")
        bytes.writeBytes(request.body)
        method = HTTPMethod(rawValue: request.method.rawValue)
        self.bytes = bytes
        answerBytesKept = request.answerBytesKept
    }

    private static func check(_ header: HTTPMessage.Header) throws(TransportFailure) {
        let name = header.name.utf8
        guard !name.isEmpty, name.allSatisfy(isTokenByte) else {
            throw .refused("A request header has an invalid name.")
        }
        guard !reserved.contains(where: { name.count == $0.utf8.count && name.beginsInAnyCase(with: $0) }),
            !name.beginsInAnyCase(with: reservedPrefix)
        else {
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
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default:
            "!#$%&'*+.^_`|~".utf8.contains(byte)
        }
    }

    /// RFC 9110 section 5.5, including the bytes above ASCII that it allows for old senders.
    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t")
    }
}

extension ByteBuffer {
    fileprivate mutating func writeField(_ name: String, _ value: String) {
        writeString(name)
        writeStaticString(": ")
        writeString(value)
        writeStaticString("\r\n")
    }
}

extension String.UTF8View {
    /// - Parameter word: In lower case, of letters and hyphens: no other byte of a token becomes one of these with 0x20.
    fileprivate func beginsInAnyCase(with word: String) -> Bool {
        count >= word.utf8.count && zip(self, word.utf8).allSatisfy { $0 | 0x20 == $1 }
    }
}
