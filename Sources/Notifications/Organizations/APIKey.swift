import Crypto

/// A key as its holder has it: `rb_`, 12 characters of public id, 43 of secret (256 bit), 6 of CRC-32 in Base62.
///
/// The form is GitHub's idea: scanners find leaked keys by it, and a mistyped one is refused without a look-up.
package struct APIKey: Sendable, CustomStringConvertible {
    package let publicID: String
    private let text: Secret

    /// Makes a new key.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let id = Base62.random(12, using: &generator)
        let secret = Base62.random(43, using: &generator)
        let body = "rb_\(id)\(secret)"
        publicID = id
        text = Secret(body + Base62.encode(CRC32.checksum(body.utf8), width: 6))
    }

    /// Reads a key that somebody presents; nil when its form or checksum is wrong.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 64, text.startsWithBytes(of: "rb_"), bytes.dropFirst(3).allSatisfy(Base62.isDigit) else {
            return nil
        }
        let body = String(decoding: bytes.prefix(58), as: UTF8.self)
        guard Base62.encode(CRC32.checksum(body.utf8), width: 6).utf8.elementsEqual(bytes.suffix(6)) else { return nil }
        publicID = String(decoding: bytes[3..<15], as: UTF8.self)
        self.text = Secret(text)
    }

    /// What is stored of the key. 256 random bits need no slow hash.
    package var hash: SHA256Digest { SHA256.hash(data: Array(text.reveal().utf8)) }

    /// The whole key, shown once.
    package func reveal() -> String { text.reveal() }

    package var prefix: String { "rb_\(publicID)" }
    package var description: String { "\(prefix)…" }
}
