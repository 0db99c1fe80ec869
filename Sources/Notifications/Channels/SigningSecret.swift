import Crypto
import Foundation

/// A Standard Webhooks 1.0.0 secret: `whsec_` and 24 to 64 random bytes in Base64
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
package struct SigningSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private static let prefix = "whsec_"

    private let text: Secret
    private let key: SymmetricKey

    /// Generates a secret of 32 bytes.
    package init() {
        key = SymmetricKey(size: .bits256)
        text = Secret(Self.prefix + key.withUnsafeBytes { Data($0) }.base64EncodedString())
    }

    /// Nil unless the text is such a secret.
    package init?(_ text: String) {
        guard text.utf8.starts(with: Self.prefix.utf8) else { return nil }
        let encoded = String(decoding: text.utf8.dropFirst(Self.prefix.utf8.count), as: UTF8.self)
        guard let bytes = Data(base64Encoded: encoded), (24...64).contains(bytes.count) else { return nil }
        self.text = Secret(text)
        key = SymmetricKey(data: bytes)
    }

    /// The text `whsec_…`.
    package func reveal() -> String { text.reveal() }

    /// `v1,` and the Base64 HMAC-SHA256 of `id.timestamp.body`.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
    }

    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
