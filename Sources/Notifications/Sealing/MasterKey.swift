import Crypto
import Foundation

/// The root key: 256 random bits stored outside the database. It encrypts the organizations' data keys, and the keys of
/// the audit logs are derived from it (HKDF-SHA256, RFC 5869).
package struct MasterKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let key: SymmetricKey
    private let auditKey: Data

    package init() {
        self.init(key: SymmetricKey(size: .bits256))
    }

    /// Reads the text form; nil unless it is the Base64 of 32 bytes.
    package init?(base64 text: String) {
        guard let data = Data(base64Encoded: text), data.count == 32 else { return nil }
        self.init(key: SymmetricKey(data: data))
    }

    private init(key: SymmetricKey) {
        self.key = key
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("runbell audit checkpoint".utf8), outputByteCount: 32)
        auditKey = derived.withUnsafeBytes { Data($0) }
    }

    /// The text form, for the key file.
    package func reveal() -> String {
        key.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    /// The key that signs audit checkpoints (Ed25519).
    package func auditSigningKey() throws -> Curve25519.Signing.PrivateKey {
        try Curve25519.Signing.PrivateKey(rawRepresentation: auditKey)
    }

    /// The public key for those signatures, in Base64. Never nil for a key of 32 bytes.
    package var auditPublicKey: String? {
        (try? auditSigningKey())?.publicKey.rawRepresentation.base64EncodedString()
    }

    package var description: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
