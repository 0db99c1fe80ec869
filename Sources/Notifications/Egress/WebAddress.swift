/// Recognizes web addresses. Schemes are case-insensitive (RFC 3986, section 3.1).
package enum WebAddress {
    /// Whether a text starts with `http://` or `https://`.
    package static func isWritten(_ text: String) -> Bool {
        begins(text, with: "https") || begins(text, with: "http")
    }

    static func begins(_ text: String, with scheme: String) -> Bool {
        let start = text.utf8.prefix(scheme.utf8.count + 3)
        return String(Substring(start)).lowercased().sameBytes(as: scheme + "://")
    }
}
