extension OutboundURL {
    /// Masks an address: `https://hooks.slack.com/services/…a1b2`. What remains are the scheme, the host, a non-default
    /// port, the first part of a longer path if it is a plain word, and the last four characters of the path if its
    /// last part is much longer. Of a query, only that there is one. An unreadable address becomes `…`: what looks like
    /// its host may be a password.
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

    /// `services`, `hooks`, `v2`, but not `bot123456:…`: the first part of a path may itself be the secret.
    private static func isPlainWord(_ part: Substring) -> Bool {
        let letters = part.prefix { ("a"..."z").contains($0) }
        let digits = part[letters.endIndex...]
        return (1...12).contains(letters.count) && digits.count <= 1 && digits.allSatisfy { ("0"..."9").contains($0) }
    }
}
