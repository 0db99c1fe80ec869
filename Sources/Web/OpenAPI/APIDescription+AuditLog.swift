import HTTPTypes
import Notifications

extension APIDescription {
    static let auditLog = Section(
        tag: "Audit log", text: "Every change and every refusal, chained by hashes.",
        operations: [
            Operation(
                method: .get, path: "/v1/organizations/:organization/audit-log", id: "listAuditEntries",
                summary: "List the audit log, newest first", access: .holder(of: .administer),
                query: Parameter.page
                    + ["actor", "action", "target"].map {
                        .query($0, "Entries with this \($0).", .visible(bytes: 500))
                    } + Parameter.span,
                answers: [.ok(.page(of: .named("AuditEntry")))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/audit-log/head", id: "showAuditHead",
                summary: "Show the signed end of the chain", access: .holder(of: .administer),
                answers: [.ok(.named("AuditCheckpoint"))]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/audit-log/export", id: "exportAuditLog",
                summary: "Export the audit log, for runbell audit verify", access: .holder(of: .administer),
                answers: [
                    OperationAnswer(
                        status: .ok, text: "One entry a line, the signed checkpoint last.", schema: .text,
                        mediaType: "application/x-ndjson")
                ]),
        ],
        schemas: [
            "AuditEntry": .object([
                "sequence": .ordinal, "at": .time, "actor": .text, "action": .text, "target": .text,
                "detail": Schema([:]).described("What was before and after, as JSON."), "previous_hash": .hash,
                "hash": .hash,
            ]),
            "AuditCheckpoint": .object([
                "organization_id": .number, "sequence": .count, "hash": .hash, "at": .time, "public_key": .text,
                "signature": .text,
            ]),
        ])
}
