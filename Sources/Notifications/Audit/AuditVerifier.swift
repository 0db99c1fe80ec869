import Crypto

/// Checks the lines of an export one by one.
struct AuditVerifier {
    private let pinned: String?
    private let masterKey: MasterKey?
    /// The organization's key, once an entry has named the organization.
    private var key: AuditKey?
    private var withMAC: Int64 = 0
    /// The end of the older export, until it is found.
    private var previous: AuditHead?
    private var line = 0
    private var entries: Int64 = 0
    private var findings: [String] = []
    private var checkpoint: AuditCheckpoint?
    /// Set if the log does not begin with entry 1.
    private var beginning: Beginning?
    private var organizationID: [UInt8]?
    private var sequence: Int64 = 0
    /// The previous hash that the next entry must have; nil after an unreadable line.
    private var previousHash: [UInt8]? = Array(AuditChain.genesis.utf8)
    /// Reused for each line.
    private var hashed: [UInt8] = []

    /// Further findings are dropped.
    private static let findingsLimit = 100

    init(pinned: String?, masterKey: MasterKey? = nil, previous: AuditHead? = nil) {
        self.pinned = pinned
        self.masterKey = masterKey
        self.previous = previous
    }

    mutating func check(_ bytes: [UInt8], _ place: Range<Int>, hasLineBreak: Bool) {
        line += 1
        if checkpoint != nil { found("found after the checkpoint, which must be the last line.") }
        if !hasLineBreak { found("the final line break is missing.") }
        if bytes[place].starts(with: #"{"checkpoint":"#.utf8) {
            checkCheckpoint(bytes[place])
        } else if let entry = AuditLine(bytes, place) {
            checkEntry(entry, bytes)
        } else {
            found("not a well-formed audit entry.")
            sequence &+= 1
            previousHash = nil
        }
    }

    /// The start of a log that does not begin with entry 1, and the signed pruning that explains it, once found.
    private struct Beginning {
        let before: Int64
        let hash: [UInt8]
        var pruning: AuditPruning?
    }

    mutating func finish() -> AuditVerification {
        checkBeginning()
        checkContinuing()
        if checkpoint == nil {
            line += 1
            found("the signed checkpoint is missing, so entries may be missing at the end.")
        }
        return AuditVerification(
            entries: entries, pruning: beginning?.pruning, checkpoint: checkpoint, withMAC: withMAC,
            findings: findings)
    }

    private mutating func found(_ text: String) {
        if findings.count < Self.findingsLimit { findings.append("Line \(line): \(text)") }
    }
}

extension AuditVerifier {
    private mutating func checkEntry(_ entry: AuditLine, _ bytes: [UInt8]) {
        entries += 1
        if entries == 1, line == 1 { begin(with: entry, bytes) }
        checkPlace(entry, bytes)
        if let previousHash, !previousHash.elementsEqual(bytes[entry.previousHash]) {
            found("the previous hash does not match the entry before.")
        }
        guard collect(entry, bytes) else {
            found("a string is not in canonical form.")
            previousHash = nil
            return
        }
        checkMAC(entry, bytes)
        if !SHA256.hash(data: hashed).isWritten(in: bytes, at: entry.hash) {
            found("the entry was changed: its hash does not match.")
        }
        previousHash = Array(bytes[entry.hash])
        meet(AuditHead(sequence: sequence, hash: String(decoding: bytes[entry.hash], as: UTF8.self)))
        if bytes[entry.action.place].elementsEqual(AuditBreak.action.utf8) {
            found("at this point, the service found that the log had been changed; this entry has the details.")
        }
        if beginning?.pruning == nil { lookForPruning(entry, bytes) }
    }

    /// The organization and the sequence.
    private mutating func checkPlace(_ entry: AuditLine, _ bytes: [UInt8]) {
        let organization = bytes[entry.organizationID]
        if let organizationID, !organizationID.elementsEqual(organization) {
            found("the entry belongs to another organization.")
        }
        if organizationID == nil {
            organizationID = Array(organization)
            key = Int64(String(decoding: organization, as: UTF8.self)).flatMap { number in
                masterKey?.auditKey(of: OrganizationID(number))
            }
        }
        guard let number = Int64(String(decoding: bytes[entry.sequence], as: UTF8.self)) else {
            found("the sequence number does not fit in 64 bits.")
            return
        }
        let expected = sequence &+ 1
        if number != expected { found("expected entry \(expected), found entry \(number).") }
        sequence = number
    }

    /// Collects the bytes to hash straight from the file; false if a string is not in canonical form.
    private mutating func collect(_ entry: AuditLine, _ bytes: [UInt8]) -> Bool {
        hashed.removeAll(keepingCapacity: true)
        hashed.append(entry.origin == nil ? AuditChain.entryMark : AuditChain.entryWithOriginMark)
        add(bytes, entry.organizationID)
        add(bytes, entry.sequence)
        add(bytes, entry.at)
        guard add(bytes, entry.actor) else { return false }
        if let origin = entry.origin {
            guard add(bytes, origin.keyID), add(bytes, origin.source) else { return false }
        }
        guard add(bytes, entry.action), add(bytes, entry.target) else { return false }
        add(bytes, entry.detail)
        add(bytes, entry.previousHash)
        return true
    }

    private mutating func add(_ bytes: [UInt8], _ place: Range<Int>) {
        AuditChain.append(bytes[place], count: place.count, to: &hashed)
    }

    private mutating func add(_ bytes: [UInt8], _ text: AuditLine.Text) -> Bool {
        guard text.hasEscapes else {
            add(bytes, text.place)
            return true
        }
        let written = bytes[text.place.lowerBound - 1...text.place.upperBound]
        guard let value = try? JSONValue.parse(written), let plain = value.string,
            value.compactBytes.elementsEqual(written)
        else { return false }
        AuditChain.append(plain.utf8, count: plain.utf8.count, to: &hashed)
        return true
    }
}

/// MACs, and continuing an older export.
extension AuditVerifier {
    /// The oldest entries may have no MAC, but after one that has, each must. The MAC is over the hashed bytes under
    /// another mark; the hash then covers the MAC too.
    private mutating func checkMAC(_ entry: AuditLine, _ bytes: [UInt8]) {
        guard let origin = entry.origin else {
            if withMAC > 0 { found("the entry has no MAC, but earlier ones do.") }
            return
        }
        withMAC += 1
        if let key {
            hashed[0] = AuditKey.entryMark
            if !key.isRight(String(decoding: bytes[origin.mac], as: UTF8.self), for: hashed) {
                found("the entry was not written by the service: its MAC is wrong.")
            }
            hashed[0] = AuditChain.entryWithOriginMark
        }
        add(bytes, origin.mac)
    }

    /// Compares the entry that ends the older export.
    private mutating func meet(_ head: AuditHead) {
        guard let previous, previous.sequence == head.sequence else { return }
        if previous.hash != head.hash {
            found("entry \(head.sequence) differs from the older export: the log was rewritten.")
        }
        self.previous = nil
    }

    private mutating func checkContinuing() {
        guard let previous else { return }
        // Exactly the older export's entries were pruned.
        if let beginning, beginning.before == previous.sequence, beginning.hash.elementsEqual(previous.hash.utf8) {
            return
        }
        line += 1
        found(
            "entry \(previous.sequence), the last of the older export, is missing: this export does not continue it."
        )
    }
}

/// Logs whose oldest entries were pruned.
extension AuditVerifier {
    private mutating func begin(with entry: AuditLine, _ bytes: [UInt8]) {
        guard let number = Int64(String(decoding: bytes[entry.sequence], as: UTF8.self)), number > 1 else { return }
        sequence = number - 1
        previousHash = Array(bytes[entry.previousHash])
        beginning = Beginning(before: number - 1, hash: Array(bytes[entry.previousHash]))
    }

    /// Looks for the entry that declares exactly the missing entries pruned. There may be entries about earlier
    /// prunings too.
    private mutating func lookForPruning(_ entry: AuditLine, _ bytes: [UInt8]) {
        guard let beginning, bytes[entry.action.place].elementsEqual(AuditPruning.action.utf8),
            let pruning = AuditPruning(detail: bytes[entry.detail]), pruning.upTo == beginning.before,
            beginning.hash.elementsEqual(pruning.hash.utf8), pruning.isAuthentic,
            bytes[entry.organizationID].elementsEqual(pruning.organizationID.description.utf8)
        else { return }
        self.beginning?.pruning = pruning
    }

    private mutating func checkBeginning() {
        guard let beginning else { return }
        guard let pruning = beginning.pruning else {
            found("the log begins after entry \(beginning.before), and no entry proves that earlier ones were pruned.")
            return
        }
        if pruning.publicKey != (pinned ?? checkpoint?.publicKey ?? pruning.publicKey) {
            found(
                "the pruning up to entry \(pruning.upTo) is signed with a key other than the expected one.")
        }
    }
}

extension AuditVerifier {
    private mutating func checkCheckpoint(_ written: ArraySlice<UInt8>) {
        guard let found = Self.checkpoint(written) else {
            self.found("not a well-formed checkpoint.")
            return
        }
        checkpoint = found
        if !found.isAuthentic { self.found("the checkpoint's signature is wrong.") }
        if let pinned, pinned != found.publicKey {
            self.found("the checkpoint is signed with a key other than the expected one.")
        }
        if let organizationID, !organizationID.elementsEqual(found.organizationID.description.utf8) {
            self.found("the checkpoint belongs to another organization.")
        }
        if found.sequence != sequence {
            self.found("the checkpoint is for entry \(found.sequence), but the last entry here is \(sequence).")
        }
        if let previousHash, !previousHash.elementsEqual(found.hash.utf8) {
            self.found("the checkpoint's hash does not match the last entry.")
        }
    }

    /// Nil unless the line is exactly as `AuditExport.line` writes one.
    private static func checkpoint(_ written: ArraySlice<UInt8>) -> AuditCheckpoint? {
        guard let fields = (try? JSONValue.parse(written))?["checkpoint"],
            let organization = fields["organization_id"]?.integer, let sequence = fields["sequence"]?.integer,
            let hash = fields["hash"]?.string, let at = fields["at"]?.string.flatMap(Timestamp.init(rfc3339:)),
            let key = fields["public_key"]?.string, let signature = fields["signature"]?.string
        else { return nil }
        let checkpoint = AuditCheckpoint(
            organizationID: OrganizationID(organization), sequence: sequence, hash: hash, at: at, publicKey: key,
            signature: signature)
        return AuditExport.line(checkpoint).utf8.dropLast().elementsEqual(written) ? checkpoint : nil
    }
}

extension SHA256Digest {
    /// Compares without allocating a string.
    fileprivate func isWritten(in bytes: [UInt8], at place: Range<Int>) -> Bool {
        var position = place.lowerBound
        for byte in self {
            guard bytes[position] == Hexadecimal.digit(byte >> 4), bytes[position + 1] == Hexadecimal.digit(byte) else {
                return false
            }
            position += 2
        }
        return true
    }
}
