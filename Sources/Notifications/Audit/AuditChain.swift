import Crypto

/// The chain of hashes through an organization's audit log.
///
/// An entry's hash is SHA-256 over these bytes: `0x00`, then eight fields in the order organization id, sequence, time,
/// actor, action, target, detail, previous hash. Each field is its length in bytes as four bytes, most significant
/// first, and then its text in UTF-8. The texts are those of the export: numbers in decimal, the time as RFC 3339 with
/// six decimals and `Z`, hashes as 64 lower-case hexadecimal digits, the detail as the JSON text it is stored as.
/// Lengths stand before the fields so that nothing can be moved from one field into the next.
///
/// An entry that says where it came from begins with `0x03`, has key id and source between actor and action, and its MAC
/// behind the previous hash.
///
/// A checkpoint's signature (Ed25519) is over `0x01`, then organization id, sequence, hash and time in the same form; a
/// pruning's over `0x02` and the same four, so that no head which was once signed can be passed off as one. The marks of
/// what is bound to a key are in `AuditKey`, those of checkpoints over all organizations in `AuditLedgerCheckpoint`.
package enum AuditChain {
    /// What the first entry has for the hash of the one before.
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

    /// What the hash of an entry must be.
    package static func hash(of entry: AuditEntry) -> String {
        guard entry.origin != nil, let mac = entry.mac else {
            return hash(
                organizationID: entry.organizationID, sequence: entry.sequence, at: entry.at, actor: entry.actor,
                action: entry.action, target: entry.target, detail: entry.detail, previousHash: entry.previousHash)
        }
        return Hexadecimal.encode(SHA256.hash(data: bytes(entryWithOriginMark, fields(of: entry) + [mac])))
    }

    /// All that an entry says, in the order in which it is hashed.
    static func fields(of entry: AuditEntry) -> [String] {
        [entry.organizationID.description, String(entry.sequence), entry.at.description, entry.actor]
            + (entry.origin.map { [$0.keyID, $0.source] } ?? [])
            + [entry.action, entry.target, entry.detail, entry.previousHash]
    }

    package static func checkpointBytes(
        organizationID: OrganizationID, sequence: Int64, hash: String, at: Timestamp
    ) -> [UInt8] {
        bytes(checkpointMark, [organizationID.description, String(sequence), hash, at.description])
    }

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
