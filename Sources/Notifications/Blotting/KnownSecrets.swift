/// The secrets that a message was made with, to be redacted from the answer: a receiver may echo its path, its headers
/// or its token, and members who read the answer must not learn them.
///
/// Every part of a secret of eight bytes or more is found, whatever surrounds it: as it is, in either case, with
/// percent, JSON or HTML escapes (even nested ones), and in Base64. The cost is linear in the secrets and the text:
/// each run of eight bytes is one number that is looked up once.
package struct KnownSecrets: Sendable {
    package static let blot = "[redacted]"

    private var runs: Set<UInt64> = []
    /// Folded secrets that are shorter than a run.
    private var short: [[UInt8]] = []

    static let runLength = 8
    static let shortestSecret = 4

    /// The secrets of a message and of the settings it was made from.
    package init(of message: any OutboundMessage, settings: ChannelSettings, kind: any ChannelKind) {
        let publicWords = Set((kind.publicWords + ["bearer", "basic"]).map { Array($0.utf8) })
        for secret in message.secrets + Self.secrets(in: settings, kind) {
            add(secret, publicWords)
            let plain = EscapedBytes(secret).decoded()
            if plain.bytes != secret { add(plain.bytes, publicWords) }
        }
    }

    /// Redacts nothing.
    package static let none = KnownSecrets([])

    /// Treats these texts as secrets, wherever they came from.
    package init(_ secrets: [String]) {
        for secret in secrets { add(Array(secret.utf8), []) }
    }

    private mutating func add(_ secret: [UInt8], _ publicWords: Set<[UInt8]>) {
        let folded = secret.map(Folding.fold)
        guard folded.count >= Self.runLength else {
            if folded.count >= Self.shortestSecret { short.append(folded) }
            return
        }
        add(runsOf: folded, telling: PublicParts.tellingBytes(of: secret, publicWords))
        for skipped in 0..<3 {
            let coded = Base64Run.encode(secret.dropFirst(skipped)).map(Folding.fold)
            add(runsOf: coded, telling: coded.map { _ in true })
        }
    }

    /// A run counts if at least one of its bytes is more than punctuation and public words.
    private mutating func add(runsOf bytes: [UInt8], telling: [Bool]) {
        var (window, lastTelling): (UInt64, Int) = (0, -Self.runLength)
        for (position, byte) in bytes.enumerated() {
            window = window << 8 | UInt64(byte)
            if telling[position] { lastTelling = position }
            if position >= Self.runLength - 1, position - lastTelling < Self.runLength { runs.insert(window) }
        }
    }
}

extension KnownSecrets {
    /// Replaces the secrets in a text with `blot`.
    package func blotted(_ text: String) -> String {
        String(decoding: blotted(Array(text.utf8)), as: UTF8.self)
    }

    /// Replaces the secrets in bytes with `blot`.
    package func blotted(_ bytes: [UInt8]) -> [UInt8] {
        guard !runs.isEmpty || !short.isEmpty, bytes.count >= Self.shortestSecret else { return bytes }
        var isSecret = [Bool](repeating: false, count: bytes.count)
        var text = EscapedBytes(bytes)
        // As received, with escapes decoded, and with nested escapes decoded.
        for _ in 0..<3 {
            mark(text, &isSecret)
            let plain = text.decoded()
            if plain.bytes.count == text.bytes.count { break }
            text = plain
        }
        return Self.replacing(isSecret, in: bytes)
    }

    private func mark(_ text: EscapedBytes, _ isSecret: inout [Bool]) {
        let folded = text.bytes.map(Folding.fold)
        var (window, marked): (UInt64, Int) = (0, 0)
        for (position, byte) in folded.enumerated() {
            window = window << 8 | UInt64(byte)
            guard position >= Self.runLength - 1, runs.contains(window) else { continue }
            // Runs overlap: what is already marked is not marked again.
            let start = max(text.starts[position - Self.runLength + 1], marked)
            marked = text.end(of: position)
            for place in start..<max(start, marked) { isSecret[place] = true }
        }
        for secret in short { mark(secret, folded, text, &isSecret) }
    }

    private func mark(_ secret: [UInt8], _ folded: [UInt8], _ text: EscapedBytes, _ isSecret: inout [Bool]) {
        guard folded.count >= secret.count else { return }
        for start in 0...(folded.count - secret.count) where folded[start] == secret[0] {
            let end = start + secret.count - 1
            guard folded[start...end].elementsEqual(secret) else { continue }
            for place in text.starts[start]..<text.end(of: end) { isSecret[place] = true }
        }
    }

    private static func replacing(_ isSecret: [Bool], in bytes: [UInt8]) -> [UInt8] {
        guard isSecret.contains(true) else { return bytes }
        var result: [UInt8] = []
        var wasSecret = false
        for (position, byte) in bytes.enumerated() {
            if !isSecret[position] {
                result.append(byte)
            } else if !wasSecret {
                result.append(contentsOf: blot.utf8)
            }
            wasSecret = isSecret[position]
        }
        return result
    }
}
