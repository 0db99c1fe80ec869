import Crypto
import Foundation

extension AuditCheckpoint {
    /// Signs the end of a chain.
    package init(
        organizationID: OrganizationID, sequence: Int64, hash: String, at: Timestamp,
        signedWith key: Curve25519.Signing.PrivateKey
    ) throws {
        let bytes = AuditChain.checkpointBytes(organizationID: organizationID, sequence: sequence, hash: hash, at: at)
        self.init(
            organizationID: organizationID, sequence: sequence, hash: hash, at: at,
            publicKey: key.publicKey.rawRepresentation.base64EncodedString(),
            signature: try key.signature(for: bytes).base64EncodedString())
    }

    /// Whether the signature is by the key that the checkpoint names. Whoever does not know that key from elsewhere
    /// learns only that the checkpoint is whole.
    package var isAuthentic: Bool {
        guard let key = Self.canonicalBase64(publicKey), let signature = Self.canonicalBase64(signature),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
        else { return false }
        let bytes = AuditChain.checkpointBytes(organizationID: organizationID, sequence: sequence, hash: hash, at: at)
        return key.isValidSignature(signature, for: bytes)
    }

    /// Nil for a text that decodes but is not what encoding gives: the last character has bits that decoding ignores.
    private static func canonicalBase64(_ text: String) -> Data? {
        Data(base64Encoded: text).flatMap { $0.base64EncodedString() == text ? $0 : nil }
    }
}
