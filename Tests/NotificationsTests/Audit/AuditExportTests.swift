import Crypto
import Foundation
import Notifications
import Testing

@Suite struct AuditExportTests {
    private let sample: AuditLogSample

    init() throws {
        sample = try AuditLogSample(entries: 40)
    }

    @Test func acceptsWhatWasExported() throws {
        let publicKey = sample.key.publicKey.rawRepresentation.base64EncodedString()
        let verification = AuditExport.verify(sample.bytes, publicKey: publicKey)
        #expect(verification.findings == [])
        #expect(verification.entries == 40)
        #expect(verification.checkpoint?.sequence == 40)
        #expect(AuditExport.verify(sample.bytes).findings == [])
    }

    @Test func everyLineIsValidJSONForOtherParsers() throws {
        for line in sample.lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["hash"] is String || object?["checkpoint"] is [String: Any])
        }
    }

    @Test func findsEveryChangedByte() {
        for _ in 0..<500 {
            var bytes = sample.bytes
            let index = Int.random(in: bytes.indices)
            let old = bytes[index]
            while bytes[index] == old { bytes[index] = .random(in: 0...255) }
            #expect(!AuditExport.verify(bytes).findings.isEmpty, "byte \(index) changed from \(old) to \(bytes[index])")
        }
    }

    /// Changes each byte of an entry with escapes, its neighbor and the checkpoint, also to characters that a lenient
    /// reader might treat as equivalent.
    @Test func findsEveryChangedByteOfALine() throws {
        let short = try AuditLogSample(entries: 1)
        for index in short.bytes.indices {
            for byte in [short.bytes[index] ^ 0x20, short.bytes[index] &+ 1, UInt8(ascii: " "), UInt8(ascii: "\n")]
            where byte != short.bytes[index] {
                var bytes = short.bytes
                bytes[index] = byte
                #expect(!AuditExport.verify(bytes).findings.isEmpty, "byte \(index)")
            }
        }
    }

    /// The number of an entry is what the file says.
    @Test func whatFollowsTheGreatestNumberIsAFindingToo() {
        let last = AuditExport.line(AuditLogSample.entry(.max, organization: 42, previous: AuditChain.genesis))
        #expect(findings([last, "nothing\n", last, sample.lines[0]]).count >= 3)
    }

    @Test func findsEveryRemovedLine() {
        for index in sample.lines.indices {
            var lines = sample.lines
            lines.remove(at: index)
            #expect(!findings(lines).isEmpty, "line \(index + 1)")
        }
    }

    @Test func findsEverySwappedPairAndDuplicatedLine() {
        for index in sample.lines.indices.dropLast() {
            var swapped = sample.lines
            swapped.swapAt(index, index + 1)
            #expect(!findings(swapped).isEmpty, "lines \(index + 1) and \(index + 2)")
            var doubled = sample.lines
            doubled.insert(doubled[index], at: index)
            #expect(!findings(doubled).isEmpty, "line \(index + 1)")
        }
    }

    @Test(arguments: ["\n", " \n", "{}\n", "# a note\n", "\u{FEFF}", #"{"checkpoint":{}}"# + "\n"])
    func findsWhatWasPutIn(_ foreign: String) {
        for index in [0, 1, 20, 40, 41] {
            var lines = sample.lines
            lines.insert(foreign, at: index)
            #expect(!findings(lines).isEmpty, "at line \(index + 1)")
        }
    }

    @Test func findsEveryTruncation() {
        let bytes = sample.bytes
        for _ in 0..<200 {
            #expect(!AuditExport.verify(Array(bytes.prefix(Int.random(in: 0..<bytes.count)))).findings.isEmpty)
        }
        #expect(!AuditExport.verify(bytes.dropLast()).findings.isEmpty)
    }

    @Test(arguments: [
        (#""actor":"user:7""#, #""actor":"\u0075ser:7""#), (#""actor":"user:7""#, #""actor": "user:7""#),
        (#""sequence":2,"#, #""sequence":02,"#), (#""sequence":2,"#, #""sequence":2.0,"#),
        (#""before":null"#, #""before": null"#),
        (#"we\"ird"#, #"we\u0022ird"#), (#"}\n"#, "}\r\n"),
    ])
    func findsAnotherSpellingOfTheSame(_ written: String, _ other: String) {
        let written = written.replacing(#"}\n"#, with: "}\n")
        let text = sample.lines.joined()
        guard let place = text.firstRange(of: written) else {
            Issue.record("The sample does not hold \(written).")
            return
        }
        #expect(!AuditExport.verify(Array(text.replacingCharacters(in: place, with: other).utf8)).findings.isEmpty)
    }

    /// No hash covers another spelling, so it must not just be reported as a changed hash.
    @Test func reportsANoncanonicalString() {
        let text = sample.lines.joined().replacing(#""actor":"user:7""#, with: #""actor":"\u0075ser:7""#)
        let findings = AuditExport.verify(Array(text.utf8)).findings
        #expect(findings.contains { $0.contains("a string is not in canonical form") })
    }

    /// Anyone who changes an entry can recompute its hash; then the next entry or the checkpoint names a different one.
    @Test(arguments: [1, 2, 39, 40])
    func findsAnEntryThatWasWrittenAnew(_ number: Int) {
        var lines = sample.lines
        let entries = (1...40).reduce(into: [AuditEntry]()) { entries, sequence in
            let previous = entries.last?.hash ?? AuditChain.genesis
            entries.append(AuditLogSample.entry(Int64(sequence), organization: 42, previous: previous))
        }
        let forged = AuditLogSample.entry(
            Int64(number), organization: 42, previous: entries[number - 1].previousHash, actor: "user:8")
        lines[number - 1] = AuditExport.line(forged)
        #expect(findings(lines).count == 1)
        #expect(findings(lines).first?.hasPrefix("Line \(number + 1): ") == true)
    }

    @Test func findingsNameTheLine() {
        var lines = sample.lines
        lines[6] = lines[6].replacing("user:7", with: "user:8")
        #expect(findings(lines) == ["Line 7: the entry was changed: its hash does not match."])
        lines = sample.lines
        lines.remove(at: 2)
        #expect(findings(lines).first == "Line 3: expected entry 3, found entry 4.")
    }

    @Test func theMissingCheckpointIsAFinding() {
        #expect(findings(sample.lines.dropLast()).last?.contains("the signed checkpoint is missing") == true)
        #expect(AuditExport.verify([]).findings.count == 1)
    }

    /// Anyone who can write the file can also sign it again; only a key known from elsewhere reveals that.
    @Test func findsAnotherSigningKey() throws {
        let forged = try AuditLogSample(entries: 40)
        let publicKey = sample.key.publicKey.rawRepresentation.base64EncodedString()
        #expect(AuditExport.verify(forged.bytes).findings == [])
        #expect(AuditExport.verify(forged.bytes, publicKey: publicKey).findings.count == 1)
    }

    @Test func findsForeignEntriesAndCheckpoints() throws {
        let other = try AuditLogSample(entries: 40, organization: 43, key: sample.key)
        #expect(!findings(sample.lines.dropLast() + other.lines.suffix(1)).isEmpty)
        #expect(!findings(sample.lines.prefix(20) + other.lines.dropFirst(20)).isEmpty)
        let shorter = try AuditLogSample(entries: 39, key: sample.key)
        #expect(!findings(sample.lines.dropLast() + shorter.lines.suffix(1)).isEmpty)
        #expect(findings(sample.lines.prefix(39) + shorter.lines.suffix(1)) == [])
    }

    @Test func limitsTheNumberOfFindings() {
        let verification = AuditExport.verify(Array(repeating: UInt8(ascii: "\n"), count: 100_000))
        #expect(verification.findings.count == 100)
    }

    private func findings(_ lines: some Sequence<String>) -> [String] {
        AuditExport.verify(Array(lines.joined().utf8)).findings
    }
}
