import Crypto
import Foundation

/// The signed statement (Ed25519) that an audit chain was pruned up to an entry, with that entry's hash. It is the
/// detail of an `audit.pruned` entry, and what the first remaining entry refers to.
package struct AuditPruning: Equatable, Sendable {
    package static let action = "audit.pruned"

    package let organizationID: OrganizationID
    /// The sequence of the last pruned entry.
    package let upTo: Int64
    /// Its hash, which is the previous hash of the first remaining entry.
    package let hash: String
    package let at: Timestamp
    /// Base64.
    package let publicKey: String
    /// Base64.
    package let signature: String

    /// Signs a pruning. Throws what the signing key throws.
    package init(
        organizationID: OrganizationID, upTo: Int64, hash: String, at: Timestamp,
        signedWith key: Curve25519.Signing.PrivateKey
    ) throws {
        self.organizationID = organizationID
        self.upTo = upTo
        self.hash = hash
        self.at = at
        publicKey = key.publicKey.rawRepresentation.base64EncodedString()
        let bytes = AuditChain.pruningBytes(organizationID: organizationID, upTo: upTo, hash: hash, at: at)
        signature = try key.signature(for: bytes).base64EncodedString()
    }

    /// Whether the signature matches the public key in it.
    package var isAuthentic: Bool {
        let bytes = AuditChain.pruningBytes(organizationID: organizationID, upTo: upTo, hash: hash, at: at)
        return AuditSignature.isValid(signature, by: publicKey, for: bytes)
    }
}

extension AuditPruning {
    /// The entry's detail.
    package var json: JSONValue {
        [
            "organization_id": JSONValue(organizationID), "up_to": .integer(upTo), "hash": .string(hash),
            "at": JSONValue(at), "public_key": .string(publicKey), "signature": .string(signature),
        ]
    }

    /// What an entry says was pruned of its own chain; nil if it is about something else.
    package init?(_ entry: AuditEntry) {
        guard entry.action.sameBytes(as: Self.action) else { return nil }
        self.init(detail: entry.detail.utf8)
        guard organizationID == entry.organizationID else { return nil }
    }

    /// Reads an entry's detail; nil unless it is exactly as `json` writes it.
    package init?(detail: some Sequence<UInt8>) {
        let bytes = Array(detail)
        guard let json = try? JSONValue.parse(bytes), let organization = json["organization_id"]?.integer,
            let upTo = json["up_to"]?.integer, let hash = json["hash"]?.string,
            let at = json["at"]?.string.flatMap(Timestamp.init(rfc3339:)),
            let publicKey = json["public_key"]?.string, let signature = json["signature"]?.string
        else { return nil }
        organizationID = OrganizationID(organization)
        self.upTo = upTo
        self.hash = hash
        self.at = at
        self.publicKey = publicKey
        self.signature = signature
        guard self.json.compactBytes == bytes else { return nil }
    }
}
