/// Finds what is wrong with checkpoints and with the heads they cover, in whole sentences.
package enum CheckpointCheck {
    /// Checks the checkpoints themselves.
    ///
    /// - Parameters:
    ///   - checkpoints: Newest first, without gaps.
    ///   - publicKey: The key that must have signed them, in Base64; nil for the key that each names.
    package static func findings(in checkpoints: [AuditLedgerCheckpoint], publicKey: String?) -> [String] {
        var findings: [String] = []
        for (newer, older) in zip(checkpoints, checkpoints.dropFirst()) {
            if newer.number != older.number &+ 1 || !newer.previousHash.sameBytes(as: older.hash) {
                findings.append("Audit checkpoint \(newer.number) does not follow checkpoint \(older.number).")
            }
            if newer.entries < older.entries {
                findings.append("Audit checkpoint \(newer.number) covers fewer entries than the one before.")
            }
        }
        for checkpoint in checkpoints {
            if !checkpoint.isAuthentic { findings.append("Audit checkpoint \(checkpoint.number) was changed.") }
            if let publicKey, !publicKey.sameBytes(as: checkpoint.publicKey) {
                findings.append(
                    "Audit checkpoint \(checkpoint.number) is signed with a key other than the expected one.")
            }
        }
        return findings
    }

    /// Checks the database against its newest checkpoint.
    ///
    /// - Parameters:
    ///   - entries: How many entries were ever written, as the database has counted.
    ///   - sum: The same count, from the heads.
    ///   - root: Over the heads as they are.
    package static func findings(
        newest: AuditLedgerCheckpoint?, entries: Int64, sum: Int64, root: String
    ) -> [String] {
        var findings: [String] = []
        if entries != sum {
            findings.append("The heads of the audit logs add up to \(sum) entries, but \(entries) were written.")
        }
        guard let newest else { return findings }
        if newest.entries > entries {
            findings.append(
                "Audit checkpoint \(newest.number) covers \(newest.entries) entries, but the database has \(entries): "
                    + "entries are missing.")
        } else if newest.entries == entries, newest.root != root {
            findings.append("The heads of the audit logs do not match audit checkpoint \(newest.number).")
        }
        return findings
    }
}
