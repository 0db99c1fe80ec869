/// The entry that the service writes when the end of a chain is not what it wrote.
package enum AuditBreak {
    package static let action = "audit.broken"

    /// What was written last, by what was kept beside the chain, and what was there instead.
    package static func detail(_ finding: String, kept: AuditHead?, found: AuditHead) -> JSONValue {
        ["finding": .string(finding), "kept": kept?.json ?? .null, "found": found.json]
    }
}

extension AuditHead {
    fileprivate var json: JSONValue { ["sequence": .integer(sequence), "hash": .string(hash)] }
}
