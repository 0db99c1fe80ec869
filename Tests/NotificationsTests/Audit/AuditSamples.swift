import Crypto
import Notifications

/// An audit log as it is exported.
struct AuditLogSample {
    let key: Curve25519.Signing.PrivateKey
    /// Entries, then the checkpoint; each with its line break.
    let lines: [String]

    init(entries: Int, organization: Int64 = 42, key: Curve25519.Signing.PrivateKey = .init()) throws {
        self.key = key
        var previous = AuditChain.genesis
        var lines: [String] = []
        for number in 0..<entries {
            let entry = Self.entry(Int64(number + 1), organization: organization, previous: previous)
            lines.append(AuditExport.line(entry))
            previous = entry.hash
        }
        let checkpoint = try AuditCheckpoint(
            organizationID: OrganizationID(organization), sequence: Int64(entries), hash: previous, at: Samples.at,
            signedWith: key)
        self.lines = lines + [AuditExport.line(checkpoint)]
    }

    var bytes: [UInt8] { Array(lines.joined().utf8) }

    /// An entry with the correct hash.
    static func entry(_ sequence: Int64, organization: Int64, previous: String, actor: String? = nil) -> AuditEntry {
        let actor = actor ?? (sequence.isMultiple(of: 5) ? #"we"ird\#n\"# : "user:7")
        let at = Samples.at + .seconds(sequence % 1_000_000)
        let detail: JSONValue = ["before": nil, "after": ["name": .string("Ops \"é😀\"\n\(sequence)")]]
        let hash = AuditChain.hash(
            organizationID: OrganizationID(organization), sequence: sequence, at: at, actor: actor,
            action: "channel.updated", target: "channel:0198c0de-0000-7000-8000-000000000001",
            detail: detail.compactText, previousHash: previous)
        return AuditEntry(
            organizationID: OrganizationID(organization), sequence: sequence, at: at, actor: actor,
            action: "channel.updated", target: "channel:0198c0de-0000-7000-8000-000000000001",
            detail: detail.compactText, previousHash: previous, hash: hash)
    }
}
