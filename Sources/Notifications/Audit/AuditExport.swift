/// The audit log as a file: one JSON object a line, entries in their order, the signed checkpoint last. Each line is
/// written in one way only, so that a reader can compare it byte for byte.
package enum AuditExport {
    /// One line, with its line break. The detail goes in as it is stored: compact JSON on one line.
    package static func line(_ entry: AuditEntry) -> String {
        """
        {"organization_id":\(entry.organizationID),"sequence":\(entry.sequence),"at":"\(entry.at)",\
        "actor":\(quoted(entry.actor))\(origin(entry)),"action":\(quoted(entry.action)),\
        "target":\(quoted(entry.target)),"detail":\(entry.detail),"previous_hash":"\(entry.previousHash)",\
        "hash":"\(entry.hash)"\(entry.mac.map { ",\"mac\":\"\($0)\"" } ?? "")}

        """
    }

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

    /// Checks a whole file. Every finding names its line; none means that the file is complete and unchanged: the
    /// entries are those that were signed, all of them, from the first to the one of the checkpoint. The first is entry
    /// 1, or the one behind those that an entry `audit.pruned` in the file says, signed, were pruned. With `publicKey`
    /// (Base64) all must be signed with that key; without, a file that somebody wrote and signed anew passes. With
    /// `masterKey` the MACs of entries are checked too, and the public key follows from it. `previous` is the end of an
    /// older export that this one must continue.
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

package struct AuditVerification: Equatable, Sendable {
    package let entries: Int64
    /// The entries that were pruned before, by what the file proves; nil when it begins with the first.
    package let pruning: AuditPruning?
    package let checkpoint: AuditCheckpoint?
    /// How many entries have a MAC.
    package let withMAC: Int64
    /// Whole sentences, each beginning with the line's number.
    package let findings: [String]
}
