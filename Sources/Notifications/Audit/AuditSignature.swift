import Crypto
import Foundation

/// Ed25519 signatures (RFC 8032) in Base64.
enum AuditSignature {
    static func isValid(_ signature: String, by publicKey: String, for bytes: [UInt8]) -> Bool {
        guard let key = canonicalBase64(publicKey), let signature = canonicalBase64(signature),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
        else { return false }
        return key.isValidSignature(signature, for: bytes)
    }

    /// Nil for a text that decodes but is not what encoding would give: decoding ignores bits of the last character.
    private static func canonicalBase64(_ text: String) -> Data? {
        Data(base64Encoded: text).flatMap { $0.base64EncodedString() == text ? $0 : nil }
    }
}
