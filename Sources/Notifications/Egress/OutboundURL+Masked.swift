extension OutboundURL {
    /// The address as it may be shown: `https://hooks.slack.com/services/…a1b2`. Scheme, host, a port that is not the
    /// scheme's own, the first part of a longer path when it is a plain word, and the last four characters of the
    /// path when its last part is long enough not to be told by them. Of a query nothing but that there is one. An
    /// address that cannot be read is shown as `…`: what looks like a host in it may be a password.
    package static func masked(_ text: String) -> String {
        guard let url = try? OutboundURL(parsing: text) else { return "…" }
        return "\(url.scheme.rawValue)://\(url.hostHeader)/" + url.maskedPath
            + (url.target.utf8.contains(UInt8(ascii: "?")) ? "?…" : "")
    }

    private var maskedPath: String {
        let parts = path.pieces(between: "/").filter { !$0.isEmpty }
        guard let first = parts.first, let last = parts.last else { return "" }
        let start = parts.count > 1 && Self.isPlainWord(first) ? first + "/" : ""
        return start + Masking.tail(of: String(last))
    }

    /// `services`, `hooks`, `v2`, but not `bot123456:…`: the first part of a path may be the secret itself.
    private static func isPlainWord(_ part: Substring) -> Bool {
        let letters = part.prefix { ("a"..."z").contains($0) }
        let digits = part[letters.endIndex...]
        return (1...12).contains(letters.count) && digits.count <= 1 && digits.allSatisfy { ("0"..."9").contains($0) }
    }
}
