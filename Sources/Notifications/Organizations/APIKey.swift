import Crypto

/// A key as its holder knows it: `rb_`, 12 characters of public id, 43 of secret (256 bits), 6 of CRC-32 in Base62.
///
/// The format follows GitHub's
/// (https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/): scanners
/// recognize leaked keys, and a mistyped one is refused without a look-up.
package struct APIKey: Sendable, CustomStringConvertible {
    package let publicID: String
    private let text: Secret

    /// Generates a key.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let id = Base62.random(12, using: &generator)
        let secret = Base62.random(43, using: &generator)
        let body = "rb_\(id)\(secret)"
        publicID = id
        text = Secret(body + Base62.encode(CRC32.checksum(body.utf8), width: 6))
    }

    /// Reads a presented key; nil if its form or checksum is wrong.
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

    /// What is stored of the key. With 256 random bits, a slow hash is unnecessary.
    package var hash: SHA256Digest { SHA256.hash(data: Array(text.reveal().utf8)) }

    /// The whole key, shown once.
    package func reveal() -> String { text.reveal() }

    package var prefix: String { "rb_\(publicID)" }
    package var description: String { "\(prefix)…" }
}
