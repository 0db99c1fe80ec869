import HTTPTypes
import Notifications

extension APIDescription {
    static let auditLog = Section(
        tag: "Audit log", text: "Every change and every refusal, in a hash chain.",
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
                answers: [.ok(.named("AuditCheckpoint"))], refusals: [.conflict]),
            Operation(
                method: .get, path: "/v1/organizations/:organization/audit-log/export", id: "exportAuditLog",
                summary: "Export the audit log for runbell audit verify", access: .holder(of: .administer),
                answers: [
                    OperationAnswer(
                        status: .ok, text: "One entry per line, with the signed checkpoint last.", schema: .text,
                        mediaType: "application/x-ndjson")
                ], refusals: [.conflict]),
            Operation(
                method: .get, path: "/v1/audit-log", id: "listInstallationAuditEntries",
                summary: "List entries that belong to no organization, newest first", access: .holder(of: .operate),
                query: Parameter.page, answers: [.ok(.page(of: .named("AuditEntry")))]),
            Operation(
                method: .get, path: "/v1/audit-checkpoints", id: "listAuditCheckpoints",
                summary: "List the signed checkpoints over all audit logs, oldest first",
                access: .holder(of: .operate), query: [.query("after", "Only checkpoints after this number.", .count)],
                answers: [.ok(.object(["data": .list(of: .named("AuditLedgerCheckpoint"))]))]),
        ],
        schemas: [
            "AuditEntry": .object([
                "sequence": .ordinal, "at": .time, "actor": .text, "action": .text, "target": .text,
                "detail": Schema([:]).described("The values before and after, as JSON."), "previous_hash": .hash,
                "hash": .hash, "key_id": Schema.text.orNull, "source": Schema.text.orNull, "mac": Schema.hash.orNull,
            ]),
            "AuditCheckpoint": .object([
                "organization_id": .number, "sequence": .count, "hash": .hash, "at": .time, "public_key": .text,
                "signature": .text,
            ]),
            "AuditLedgerCheckpoint": .object([
                "number": .ordinal, "at": .time, "entries": .count, "root": .hash, "previous_hash": .hash,
                "hash": .hash,
                "public_key": .text, "signature": .text,
            ]),
        ])
}
