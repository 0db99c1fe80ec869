/// A copy of checkpoints kept elsewhere: one JSON object per line, oldest first.
package struct CheckpointFile: Sendable {
    package private(set) var checkpoints: [AuditLedgerCheckpoint] = []
    /// Whole sentences; none if the file is intact and signed.
    package private(set) var findings: [String] = []

    /// Reads and checks a file. With `publicKey` (Base64), that key must have signed all checkpoints.
    package init(_ bytes: [UInt8], publicKey: String?) {
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).enumerated() {
            guard let json = try? JSONValue.parse(line), let checkpoint = AuditLedgerCheckpoint(json: json),
                json.compactBytes.elementsEqual(line)
            else {
                findings.append("Line \(number + 1): not a well-formed checkpoint.")
                continue
            }
            checkpoints.append(checkpoint)
        }
        findings += CheckpointCheck.findings(in: checkpoints.reversed(), publicKey: publicKey)
    }

    /// A checkpoint as one line with its line break.
    package static func line(_ checkpoint: AuditLedgerCheckpoint) -> String { checkpoint.json.compactText + "\n" }

    /// Whether a file looks like one of these, by its first bytes.
    package static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: #"{"number":"#.utf8) }

    /// Checks that this file continues an older one, or overlaps with its end.
    package func findings(continuing older: CheckpointFile) -> [String] {
        guard let last = older.checkpoints.last else { return [] }
        if let same = checkpoints.first(where: { $0.number == last.number }) {
            return same == last ? [] : ["Checkpoint \(last.number) differs from the older file."]
        }
        if let first = checkpoints.first, first.number == last.number &+ 1, first.previousHash.sameBytes(as: last.hash)
        {
            return []
        }
        return ["Checkpoint \(last.number), the last one of the older file, is missing."]
    }
}
