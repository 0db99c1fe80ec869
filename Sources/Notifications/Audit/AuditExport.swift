/// The audit log as a file: one JSON object per line, the entries in order, the signed checkpoint last. Each line has
/// exactly one valid spelling, so readers can compare it byte for byte.
package enum AuditExport {
    /// An entry as one line with its line break. The detail is inserted as it is stored: compact JSON on one line.
    package static func line(_ entry: AuditEntry) -> String {
        """
        {"organization_id":\(entry.organizationID),"sequence":\(entry.sequence),"at":"\(entry.at)",\
        "actor":\(quoted(entry.actor))\(origin(entry)),"action":\(quoted(entry.action)),\
        "target":\(quoted(entry.target)),"detail":\(entry.detail),"previous_hash":"\(entry.previousHash)",\
        "hash":"\(entry.hash)"\(entry.mac.map { ",\"mac\":\"\($0)\"" } ?? "")}

        """
    }

    /// A checkpoint as one line with its line break.
    package static func line(_ checkpoint: AuditCheckpoint) -> String {
        let json: JSONValue = [
            "checkpoint": [
                "organization_id": JSONValue(checkpoint.organizationID),
                "sequence": .integer(checkpoint.sequence),
                "hash": .string(checkpoint.hash),
                "at": JSONValue(checkpoint.at),
                "public_key": .string(checkpoint.publicKey),
                "signature": .string(checkpoint.signature),
            ]
        ]
        return json.compactText + "\n"
    }

    /// Checks a whole file. Every finding names its line. No findings means that the file is complete and unchanged:
    /// its entries are those that were signed, from the first up to that of the checkpoint. The first is entry 1, or
    /// the one after those that a signed `audit.pruned` entry in the file declares pruned.
    ///
    /// - Parameters:
    ///   - publicKey: The key that must have signed everything (Base64). Without it, a file that somebody forged and
    ///     signed with another key passes.
    ///   - masterKey: Also checks the entries' MACs, and implies `publicKey`.
    ///   - previous: The end of an older export that this one must continue.
    package static func verify(
        _ bytes: [UInt8], publicKey: String? = nil, masterKey: MasterKey? = nil, continuing previous: AuditHead? = nil
    ) -> AuditVerification {
        var verifier = AuditVerifier(
            pinned: publicKey ?? masterKey?.auditPublicKey, masterKey: masterKey, previous: previous)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            verifier.check(bytes, start..<end, hasLineBreak: end < bytes.count)
            start = end + 1
        }
        return verifier.finish()
    }

    private static func origin(_ entry: AuditEntry) -> String {
        guard let origin = entry.origin else { return "" }
        return ",\"key_id\":\(quoted(origin.keyID)),\"source\":\(quoted(origin.source))"
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).compactText }
}

/// The result of checking an export.
package struct AuditVerification: Equatable, Sendable {
    package let entries: Int64
    /// The signed pruning that the file begins after; nil if it begins with entry 1.
    package let pruning: AuditPruning?
    package let checkpoint: AuditCheckpoint?
    /// How many entries have a MAC.
    package let withMAC: Int64
    /// Whole sentences, each beginning with the line's number; at most 100.
    package let findings: [String]
}
