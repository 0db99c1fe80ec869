/// The entry that the service writes when the end of a chain is not what it last wrote.
package enum AuditBreak {
    package static let action = "audit.broken"

    /// - Parameters:
    ///   - finding: What is wrong, from `AuditHead.finding`.
    ///   - kept: The last head written, as stored beside the chain.
    ///   - found: The newest entry that is actually there.
    package static func detail(_ finding: String, kept: AuditHead?, found: AuditHead) -> JSONValue {
        ["finding": .string(finding), "kept": kept?.json ?? .null, "found": found.json]
    }
}

extension AuditHead {
    fileprivate var json: JSONValue { ["sequence": .integer(sequence), "hash": .string(hash)] }
}
