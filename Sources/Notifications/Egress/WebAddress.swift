import Foundation

/// Recognizes web addresses. Schemes are case-insensitive (RFC 3986, section 3.1).
package enum WebAddress {
    /// Whether a text starts with `http://` or `https://`.
    package static func isWritten(_ text: String) -> Bool {
        begins(text, with: "https") || begins(text, with: "http")
    }

    /// Whether a text is an address that pages and messages may link to: printable ASCII with a host, with a port that
    /// there can be, if any, and without a user name or password.
    static func isLink(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"{}<>|\"\\^`".utf8.contains($0) }
        guard isPlain, isWritten(text), let url = URL(string: text), let host = url.host(), !host.isEmpty else {
            return false
        }
        return url.user() == nil && url.password() == nil && hasUsablePort(text)
    }

    /// True without a port, too. A web address's host ends before the first slash, question mark or hash behind it.
    private static func hasUsablePort(_ text: String) -> Bool {
        let authority = text.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
        let pieces = String(decoding: authority, as: UTF8.self).pieces(between: ":")
        guard pieces.count > 1, let port = pieces.last, port.utf8.last != UInt8(ascii: "]") else { return true }
        return port.isEmpty || UInt16(port) != nil
    }

    static func begins(_ text: String, with scheme: String) -> Bool {
        let start = text.utf8.prefix(scheme.utf8.count + 3)
        return String(Substring(start)).lowercased().sameBytes(as: scheme + "://")
    }
}
