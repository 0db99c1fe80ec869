import Crypto
import Foundation

extension AuditCheckpoint {
    /// Signs the end of a chain. Throws what the signing key throws.
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

    /// Whether the signature matches the public key in the checkpoint. Unless that key is known from elsewhere, this
    /// only shows that the checkpoint is intact.
    package var isAuthentic: Bool {
        let bytes = AuditChain.checkpointBytes(organizationID: organizationID, sequence: sequence, hash: hash, at: at)
        return AuditSignature.isValid(signature, by: publicKey, for: bytes)
    }
}
