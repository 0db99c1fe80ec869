import Crypto
import Notifications
import Testing

/// A checkpoint compared with what the database says, everything else being correct.
@Suite struct CheckpointCheckTests {
    private let key = Curve25519.Signing.PrivateKey()

    private func checkpoint(
        after previous: AuditLedgerCheckpoint? = nil, entries: Int64
    ) throws -> AuditLedgerCheckpoint {
        try AuditLedgerCheckpoint(after: previous, at: Samples.at, entries: entries, root: "a", signedWith: key)
    }

    @Test(
        arguments: [
            // With more entries than at the checkpoint the root differs; with fewer, the log was truncated.
            (10, 10, "a", 0), (11, 11, "b", 0), (10, 10, "b", 1), (9, 9, "a", 1),
            (9, 9, "b", 1), (11, 10, "a", 1), (10, 11, "a", 1),
        ] as [(Int64, Int64, String, Int)])
    func theNewestIsNotAheadOfTheEntries(_ entries: Int64, _ sum: Int64, _ root: String, _ findings: Int) throws {
        let newest = try checkpoint(entries: 10)
        #expect(CheckpointCheck.findings(newest: newest, entries: entries, sum: sum, root: root).count == findings)
    }

    /// The number is what the file says.
    @Test func nothingFollowsTheGreatestNumber() throws {
        let last = AuditLedgerCheckpoint(
            number: .max, at: Samples.at, entries: 1, root: "a", previousHash: AuditChain.genesis, hash: "b",
            publicKey: "", signature: "")
        #expect(!CheckpointCheck.findings(in: [last, last], publicKey: nil).isEmpty)
        let file = CheckpointFile(Array(CheckpointFile.line(last).utf8), publicKey: nil)
        let first = try checkpoint(entries: 1)
        let next = CheckpointFile(Array(CheckpointFile.line(first).utf8), publicKey: nil)
        #expect(file.checkpoints == [last] && !next.findings(continuing: file).isEmpty)
    }

    @Test(arguments: [(9, 1), (10, 0), (11, 0)] as [(Int64, Int)])
    func entriesDoNotGetFewer(_ entries: Int64, _ findings: Int) throws {
        let older = try checkpoint(entries: 10)
        let newer = try checkpoint(after: older, entries: entries)
        #expect(CheckpointCheck.findings(in: [newer, older], publicKey: nil).count == findings)
    }
}
