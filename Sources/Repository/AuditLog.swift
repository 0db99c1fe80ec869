import Notifications

/// The chain of an organization's audit entries.
enum AuditLog {
    struct Note: Sendable {
        let actor: String
        let action: String
        let target: String
        let detail: JSONValue
    }

    /// Adds an entry behind the newest one.
    static func append(
        _ note: Note, to organization: OrganizationID, at: Timestamp, on connection: any SQLConnection
    ) throws(RepositoryError) {
        let head = try head(of: organization, on: connection)
        let sequence = head.sequence + 1
        let detail = note.detail.compactText
        let hash = AuditChain.hash(
            organizationID: organization, sequence: sequence, at: at, actor: note.actor, action: note.action,
            target: note.target, detail: detail, previousHash: head.hash)
        try connection.execute(
            """
            INSERT INTO audit_entries (organization_id, sequence, at, actor, action, target, detail, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                SQLValue(organization), SQLValue(sequence), SQLValue(at), SQLValue(note.actor), SQLValue(note.action),
                SQLValue(note.target), SQLValue(detail), SQLValue(head.hash), SQLValue(hash),
            ])
    }

    /// The newest entry's sequence and hash; 0 and the genesis hash when there is none.
    static func head(
        of organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> (sequence: Int64, hash: String) {
        try connection.row(
            "SELECT sequence, hash FROM audit_entries WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1",
            [SQLValue(organization)]
        ) { row in (row.integer(0), row.text(1)) } ?? (0, AuditChain.genesis)
    }

    static let columns = "sequence, at, actor, action, target, detail, previous_hash, hash"

    static func entry(_ row: any SQLRow, of organization: OrganizationID) -> AuditEntry {
        AuditEntry(
            organizationID: organization, sequence: row.integer(0), at: row.time(1), actor: row.text(2),
            action: row.text(3), target: row.text(4), detail: row.text(5), previousHash: row.text(6), hash: row.text(7))
    }
}
