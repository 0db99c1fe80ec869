/// The audit log as a file: one JSON object a line, entries in their order, the signed checkpoint last. Each line is
/// written in one way only, so that a reader can compare it byte for byte.
package enum AuditExport {
    /// One line, with its line break.
    package static func line(_ entry: AuditEntry) -> String { "" }
    package static func line(_ checkpoint: AuditCheckpoint) -> String { "" }

    /// Checks a whole file. Every finding names its line; none means that the file is complete and unchanged.
    package static func verify(_ bytes: [UInt8], publicKey: String? = nil) -> AuditVerification { fatalError() }
}

package struct AuditVerification: Equatable, Sendable {
    package let entries: Int64
    package let checkpoint: AuditCheckpoint?
    /// Whole sentences, each beginning with the line's number.
    package let findings: [String]
}
