import Crypto

/// The hash chain through an organization's audit log.
///
/// An entry's hash is SHA-256 over these bytes: `0x00`, then eight fields in the order organization id, sequence, time,
/// actor, action, target, detail, previous hash. Each field is its length in bytes, as four bytes, most significant
/// first, followed by its text in UTF-8. The texts are those of the export: numbers in decimal, the time as RFC 3339
/// with six decimals and `Z`, hashes as 64 lower-case hexadecimal digits, the detail as the stored JSON text. The
/// lengths prevent moving text from one field to the next.
///
/// An entry with an origin begins with `0x03` instead, has key id and source between actor and action, and its MAC
/// after the previous hash.
///
/// A checkpoint's signature (Ed25519, RFC 8032) is over `0x01`, then organization id, sequence, hash and time in the
/// same form; a pruning's over `0x02` and the same four, so that no signed head can be passed off as a pruning.
/// `AuditKey` has the marks of what is bound to a key, `AuditLedgerCheckpoint` those of checkpoints over all
/// organizations.
package enum AuditChain {
    /// The previous hash of the first entry.
    package static let genesis = String(repeating: "0", count: 64)

    package static func hash(
        organizationID: OrganizationID, sequence: Int64, at: Timestamp, actor: String, action: String, target: String,
        detail: String, previousHash: String
    ) -> String {
        let fields = [
            organizationID.description, String(sequence), at.description, actor, action, target, detail, previousHash,
        ]
        return Hexadecimal.encode(SHA256.hash(data: bytes(entryMark, fields)))
    }

    /// The hash that an entry must have.
    package static func hash(of entry: AuditEntry) -> String {
        guard entry.origin != nil, let mac = entry.mac else {
            return hash(
                organizationID: entry.organizationID, sequence: entry.sequence, at: entry.at, actor: entry.actor,
                action: entry.action, target: entry.target, detail: entry.detail, previousHash: entry.previousHash)
        }
        return Hexadecimal.encode(SHA256.hash(data: bytes(entryWithOriginMark, fields(of: entry) + [mac])))
    }

    /// An entry's fields in the order in which they are hashed.
    static func fields(of entry: AuditEntry) -> [String] {
        [entry.organizationID.description, String(entry.sequence), entry.at.description, entry.actor]
            + (entry.origin.map { [$0.keyID, $0.source] } ?? [])
            + [entry.action, entry.target, entry.detail, entry.previousHash]
    }

    /// The bytes that a checkpoint's signature is over.
    package static func checkpointBytes(
        organizationID: OrganizationID, sequence: Int64, hash: String, at: Timestamp
    ) -> [UInt8] {
        bytes(checkpointMark, [organizationID.description, String(sequence), hash, at.description])
    }

    /// The bytes that a pruning's signature is over. `upTo` and `hash` are those of the last pruned entry.
    package static func pruningBytes(
        organizationID: OrganizationID, upTo: Int64, hash: String, at: Timestamp
    ) -> [UInt8] {
        bytes(pruningMark, [organizationID.description, String(upTo), hash, at.description])
    }

    static let entryMark: UInt8 = 0
    static let entryWithOriginMark: UInt8 = 3
    private static let checkpointMark: UInt8 = 1
    private static let pruningMark: UInt8 = 2

    static func bytes(_ mark: UInt8, _ fields: [String]) -> [UInt8] {
        var bytes = [mark]
        for field in fields { append(field.utf8, count: field.utf8.count, to: &bytes) }
        return bytes
    }

    @inline(__always)
    static func append(_ field: some Sequence<UInt8>, count: Int, to bytes: inout [UInt8]) {
        let length = UInt32(truncatingIfNeeded: count)
        bytes.append(UInt8(truncatingIfNeeded: length >> 24))
        bytes.append(UInt8(truncatingIfNeeded: length >> 16))
        bytes.append(UInt8(truncatingIfNeeded: length >> 8))
        bytes.append(UInt8(truncatingIfNeeded: length))
        bytes.append(contentsOf: field)
    }
}
