/// An address to send to, read byte by byte. Where other parsers decode, map or guess, this one refuses, so that
/// nobody can read a checked address in a second way.
package struct OutboundURL: Equatable, Sendable {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: Int { self == .https ? 443 : 80 }
    }

    /// The most bytes an address may have.
    package static let lengthLimit = 2048

    package let scheme: Scheme
    /// As it goes into `Host` and the TLS server name: lower case; an IPv6 literal without its brackets, in its
    /// canonical spelling.
    package let host: String
    /// The host as an address, when it is one.
    package let address: IPAddress?
    package let port: Int
    /// Path and query, beginning with `/`, byte for byte as given.
    package let target: String

    package init(parsing text: String) throws(OutboundURLError) {
        let bytes = text.utf8
        guard !bytes.isEmpty else {
            throw OutboundURLError(message: "Must be an address that begins with https://.")
        }
        guard bytes.count <= Self.lengthLimit else {
            throw OutboundURLError(message: "The address must be at most \(Self.lengthLimit) characters.")
        }
        try Self.checkBytes(bytes)
        guard let scheme = Self.scheme(of: text) else {
            throw OutboundURLError(message: "The address must begin with https:// (or http://, where that is allowed).")
        }
        let rest = bytes.dropFirst(scheme.rawValue.utf8.count + "://".utf8.count)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let authority = try URLAuthority(parsing: text[rest.startIndex..<end])
        self.scheme = scheme
        self.host = authority.host
        self.address = authority.address
        self.port = authority.port ?? scheme.defaultPort
        let target = text[end...]
        self.target = target.utf8.first == UInt8(ascii: "/") ? String(target) : "/" + target
    }

    /// The value of the `Host` header: the port stands there only when it is not the scheme's own.
    package var hostHeader: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    /// The path, without the query.
    package var path: Substring {
        Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") })
    }

    private static func checkBytes(_ bytes: String.UTF8View) throws(OutboundURLError) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\\"):
                throw OutboundURLError(message: "The address must not contain a backslash.")
            case UInt8(ascii: "#"):
                throw OutboundURLError(message: "The address must not contain a fragment (#).")
            case 0x21...0x7E:
                continue
            case 0x80...:
                throw OutboundURLError(
                    message: "Only ASCII is allowed in an address. Write other letters of the host as xn--… and of "
                        + "the path as %XX.")
            default:
                throw OutboundURLError(message: "The address must not contain spaces or control characters.")
            }
        }
    }

    private static func scheme(of text: String) -> Scheme? {
        [Scheme.https, .http].first { WebAddress.begins(text, with: $0.rawValue) }
    }
}
