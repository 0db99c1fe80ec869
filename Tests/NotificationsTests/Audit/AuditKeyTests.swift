import Crypto
import Notifications
import Testing

/// What an attacker can do to an export who can write every file, but does not have the master key.
@Suite struct AuditKeyTests {
    private let masterKey = MasterKey()
    private let organization = OrganizationID(42)

    /// Entries as the service writes them; the first `old` as it did before MACs were introduced.
    private func chain(_ count: Int, old: Int = 0, by key: MasterKey? = nil) -> [AuditEntry] {
        let key = (key ?? masterKey).auditKey(of: organization)
        var entries: [AuditEntry] = []
        for number in 1...Int64(count) {
            let previous = entries.last?.hash ?? AuditChain.genesis
            if number <= old {
                entries.append(AuditLogSample.entry(number, organization: 42, previous: previous))
                continue
            }
            let draft = AuditEntry(
                organizationID: organization, sequence: number, at: Samples.at, actor: "user:\(number)", action: "did",
                target: "it", detail: "{}", previousHash: previous, hash: "",
                origin: AuditOrigin(keyID: #"k"\#(number)"#, source: "192.0.2.\(number)"))
            entries.append(key.sealed(draft))
        }
        return entries
    }

    private func file(_ entries: [AuditEntry], signedBy key: MasterKey? = nil) throws -> [UInt8] {
        let last = try #require(entries.last)
        let checkpoint = try AuditCheckpoint(
            organizationID: organization, sequence: last.sequence, hash: last.hash, at: Samples.at,
            signedWith: (key ?? masterKey).auditSigningKey())
        return Array((entries.map(AuditExport.line).joined() + AuditExport.line(checkpoint)).utf8)
    }

    @Test func whatTheServiceWroteVerifies() throws {
        for old in [0, 3, 10] {
            let found = AuditExport.verify(try file(chain(10, old: old)), masterKey: masterKey)
            #expect(found.findings == [] && found.entries == 10 && found.withMAC == Int64(10 - old))
        }
    }

    @Test func everyChangedByteIsFoundEvenWithoutAKey() throws {
        let bytes = try file(chain(6, old: 2))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(!AuditExport.verify(changed).findings.isEmpty, "byte \(index)")
        }
    }

    @Test func aRewrittenChainIsFoundWithTheMasterKey() throws {
        let forged = chain(8, by: MasterKey())
        #expect(AuditExport.verify(try file(forged)).findings == [], "its hashes and the signature are right")
        let found = AuditExport.verify(try file(forged), masterKey: masterKey)
        #expect(found.findings.count == 8)
        // Formatted as old entries, which have no MAC, after some that have one.
        let mixed = chain(4) + chain(8, old: 8).suffix(4)
        #expect(!AuditExport.verify(try file(mixed)).findings.isEmpty)
    }

    /// One with a MAC is enough: whoever continues a chain without the key has to leave it out.
    @Test func anEntryWithoutAMACAfterOneThatHasItIsFound() throws {
        let first = chain(1)
        let entries = first + [AuditLogSample.entry(2, organization: 42, previous: first[0].hash)]
        let found = AuditExport.verify(try file(entries)).findings
        #expect(found.count == 1 && found.first?.hasSuffix("the entry has no MAC, but earlier ones do.") == true)
    }

    @Test func oneExportContinuesTheOther() throws {
        let entries = chain(10)
        let end = AuditHead(sequence: 6, hash: entries[5].hash)
        #expect(AuditExport.verify(try file(entries), continuing: end).findings == [])
        let shorter = AuditExport.verify(try file(Array(entries.prefix(5))), continuing: end)
        #expect(shorter.findings.count == 1, "entries that the older one had are gone")
        let other = AuditHead(sequence: 6, hash: chain(10, by: MasterKey())[5].hash)
        #expect(AuditExport.verify(try file(entries), continuing: other).findings.count == 1)
    }

    /// Even if the hash is the last entry's, the sequence must match too.
    @Test(arguments: [-1, 1, 2] as [Int64])
    func aCheckpointAheadOfItsEntriesOrBehindThemIsFound(_ offset: Int64) throws {
        let entries = chain(5)
        let last = try #require(entries.last)
        let checkpoint = try AuditCheckpoint(
            organizationID: organization, sequence: last.sequence + offset, hash: last.hash, at: Samples.at,
            signedWith: masterKey.auditSigningKey())
        let text = entries.map(AuditExport.line).joined() + AuditExport.line(checkpoint)
        #expect(AuditExport.verify(Array(text.utf8)).findings.count == 1)
    }

    @Test func theFingerprintDistinguishesKeysAndRevealsNothing() throws {
        let again = try #require(MasterKey(base64: masterKey.reveal()))
        #expect(again.fingerprint == masterKey.fingerprint && masterKey.fingerprint != MasterKey().fingerprint)
        #expect(masterKey.key.withUnsafeBytes(Array.init) != masterKey.fingerprint)
    }

    @Test func checkpointsAreLinked() throws {
        let key = try masterKey.auditSigningKey()
        var all: [AuditLedgerCheckpoint] = []
        for number in 1...5 {
            all.append(
                try AuditLedgerCheckpoint(
                    after: all.last, at: Samples.at, entries: Int64(number * 10),
                    root: String(repeating: "a", count: 64), signedWith: key))
        }
        let bytes = { (some: [AuditLedgerCheckpoint]) in Array(some.map(CheckpointFile.line).joined().utf8) }
        let whole = CheckpointFile(bytes(all), publicKey: masterKey.auditPublicKey)
        #expect(whole.findings == [] && whole.checkpoints == all)
        #expect(!CheckpointFile(bytes([all[0], all[2]]), publicKey: nil).findings.isEmpty)
        #expect(CheckpointFile(bytes(all), publicKey: MasterKey().auditPublicKey).findings.count == 5)
        for index in bytes(all).indices where index.isMultiple(of: 7) {
            var changed = bytes(all)
            changed[index] ^= 1
            #expect(!CheckpointFile(changed, publicKey: nil).findings.isEmpty, "byte \(index)")
        }
        let cut = CheckpointFile(bytes(Array(all.prefix(3))), publicKey: nil)
        #expect(cut.findings(continuing: whole).count == 1 && whole.findings(continuing: cut) == [])
        #expect(CheckpointFile(bytes(Array(all.suffix(2))), publicKey: nil).findings(continuing: cut) == [])
    }
}
