import Crypto
import Foundation

/// A signed statement (Ed25519) of the heads of all organizations' chains, linked to the one before. Whoever keeps a
/// copy elsewhere can tell later whether any chain has been cut or rewritten since.
///
/// The hash is SHA-256 over `0x08`, then number, time, entries, root and previous hash, in the form described at
/// `AuditChain`; the signature is over `0x09` and the hash.
package struct AuditLedgerCheckpoint: Equatable, Sendable {
    /// Counts from 1.
    package let number: Int64
    package let at: Timestamp
    /// How many entries were ever written, in all organizations.
    package let entries: Int64
    /// The hash over all heads, made by `AuditRoot`.
    package let root: String
    package let previousHash: String
    package let hash: String
    /// Base64.
    package let publicKey: String
    /// Base64.
    package let signature: String

    /// A checkpoint as stored, already signed.
    package init(
        number: Int64, at: Timestamp, entries: Int64, root: String, previousHash: String, hash: String,
        publicKey: String, signature: String
    ) {
        self.number = number
        self.at = at
        self.entries = entries
        self.root = root
        self.previousHash = previousHash
        self.hash = hash
        self.publicKey = publicKey
        self.signature = signature
    }

    /// Signs the checkpoint that follows `previous`. Throws what the signing key throws.
    package init(
        after previous: AuditLedgerCheckpoint?, at: Timestamp, entries: Int64, root: String,
        signedWith key: Curve25519.Signing.PrivateKey
    ) throws {
        let number = (previous?.number ?? 0) + 1
        let previousHash = previous?.hash ?? AuditChain.genesis
        let hash = Self.hash(number, at, entries, root, previousHash)
        self.init(
            number: number, at: at, entries: entries, root: root, previousHash: previousHash, hash: hash,
            publicKey: key.publicKey.rawRepresentation.base64EncodedString(),
            signature: try key.signature(for: AuditChain.bytes(9, [hash])).base64EncodedString())
    }

    /// Whether it is intact and signed with the key that it names.
    package var isAuthentic: Bool {
        hash == Self.hash(number, at, entries, root, previousHash)
            && AuditSignature.isValid(signature, by: publicKey, for: AuditChain.bytes(9, [hash]))
    }

    private static func hash(
        _ number: Int64, _ at: Timestamp, _ entries: Int64, _ root: String, _ previousHash: String
    ) -> String {
        let fields = [String(number), at.description, String(entries), root, previousHash]
        return Hexadecimal.encode(SHA256.hash(data: AuditChain.bytes(8, fields)))
    }
}

extension AuditLedgerCheckpoint {
    package var json: JSONValue {
        [
            "number": .integer(number), "at": JSONValue(at), "entries": .integer(entries), "root": .string(root),
            "previous_hash": .string(previousHash), "hash": .string(hash), "public_key": .string(publicKey),
            "signature": .string(signature),
        ]
    }

    /// Nil unless the JSON is exactly as `json` writes it.
    package init?(json: JSONValue) {
        guard let number = json["number"]?.integer, let at = json["at"]?.string.flatMap(Timestamp.init(rfc3339:)),
            let entries = json["entries"]?.integer, let root = json["root"]?.string,
            let previousHash = json["previous_hash"]?.string, let hash = json["hash"]?.string,
            let publicKey = json["public_key"]?.string, let signature = json["signature"]?.string
        else { return nil }
        self.init(
            number: number, at: at, entries: entries, root: root, previousHash: previousHash, hash: hash,
            publicKey: publicKey, signature: signature)
        guard self.json.compactBytes == json.compactBytes else { return nil }
    }
}
