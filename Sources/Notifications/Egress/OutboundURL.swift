/// An address to send to, parsed byte by byte. Where other parsers decode, map or guess, this one refuses, so that a
/// checked address cannot be understood in a second way.
package struct OutboundURL: Equatable, Sendable {
    /// In lower case.
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: Int { self == .https ? 443 : 80 }
    }

    /// The maximum length in bytes.
    package static let lengthLimit = 2048

    package let scheme: Scheme
    /// As in the `Host` header and the TLS server name: lower case; an IPv6 literal without brackets, in its canonical
    /// spelling.
    package let host: String
    /// The host as an IP address; nil if it is a name.
    package let address: IPAddress?
    package let port: Int
    /// Path and query, starting with `/`, byte for byte as given.
    package let target: String

    /// Throws for anything that is not an `http` or `https` URL in plain form, with a sentence for people. User names,
    /// passwords and fragments are refused.
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

    /// The value of the `Host` header, with the port unless it is the scheme's default.
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
