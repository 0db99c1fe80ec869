extension KnownSecrets {
    /// What others must not learn of a channel's settings: everything after the host of each secret address, tokens,
    /// and signing secrets (including the previous one).
    static func secrets(in settings: ChannelSettings, _ kind: any ChannelKind) -> [[UInt8]] {
        var secrets: [[UInt8]] = []
        let shown = Dictionary(kind.fields.map { ($0.key, $0) }) { first, _ in first }
        for (key, value) in settings.json.members.compactMap({ member in member.value.string.map { (member.key, $0) } })
        {
            // A key without a field is the service's own: the previous secret, during a rotation.
            guard let field = shown[key] else {
                secrets.append(bare(value))
                continue
            }
            guard field.isSecret else { continue }
            switch field.type {
            case .url: secrets += parts(ofAddress: value)
            // No receiver learns it.
            case .privateKey: continue
            default: secrets.append(bare(value))
            }
        }
        return secrets
    }

    /// Path and query, and whatever precedes an `@`.
    static func parts(ofAddress text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return [] }
        let rest = bytes[(colon + 1)...].drop { $0 == UInt8(ascii: "/") }
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let userinfo = rest[..<end].lastIndex(of: UInt8(ascii: "@")).map { Array(rest[..<$0]) }
        return [userinfo, Array(rest[end...])].compactMap { $0 }
    }

    /// Without the prefix of all signing secrets.
    private static func bare(_ secret: String) -> [UInt8] {
        let (bytes, prefix) = (Array(secret.utf8), Array("whsec_".utf8))
        return bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : bytes
    }
}

/// Words in the addresses of all channels of a kind that are not secret: `services`, `notification`.
enum PublicParts {
    /// Tells for each byte whether it belongs to more than punctuation and public words.
    static func tellingBytes(of secret: [UInt8], _ publicWords: Set<[UInt8]>) -> [Bool] {
        var telling = secret.map { !isPunctuation($0) }
        for word in secret.indices.split(whereSeparator: { isPunctuation(secret[$0]) }) {
            let text = word.map { Folding.lowercase(secret[$0]) }
            guard publicWords.contains(text) else { continue }
            for place in word { telling[place] = false }
        }
        return telling
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: " "): true
        default: false
        }
    }
}
