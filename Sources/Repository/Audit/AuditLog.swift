import Notifications

/// The chain of an organization's audit entries.
enum AuditLog {
    struct Note: Sendable {
        let actor: String
        let action: String
        let target: String
        let detail: JSONValue
        var origin = AuditOrigin(keyID: "", source: "")
    }

    /// What the entries of one transaction are written with.
    struct Pen {
        let vault: Vault
        let at: Timestamp
        let findings = AuditFindings()
    }

    /// Appends an entry. If the newest entry is not the one that the service wrote last, an entry that reports this
    /// comes first: the log goes on, and its readers learn of it.
    static func append(
        _ note: Note, to organization: OrganizationID, with pen: Pen, on connection: any SQLConnection
    ) throws(RepositoryError) {
        let key = pen.vault.auditKey(of: organization)
        let end = try ChainEnd(of: organization, key: key, on: connection)
        var head = end.newest?.head ?? .none
        if let finding = end.finding {
            pen.findings.add("the audit log of organization \(organization): \(finding)")
            let broken = Note(
                actor: Transaction.system, action: AuditBreak.action, target: "audit_log:\(organization)",
                detail: AuditBreak.detail(finding, kept: end.kept?.head, found: head))
            head = try insert(broken, behind: head, of: organization, at: pen.at, key, on: connection)
        }
        head = try insert(note, behind: head, of: organization, at: pen.at, key, on: connection)
        try keep(head, insteadOf: end.kept?.head, of: organization, with: pen, on: connection)
    }

    private static func insert(
        _ note: Note, behind head: AuditHead, of organization: OrganizationID, at: Timestamp, _ key: AuditKey,
        on connection: any SQLConnection
    ) throws(RepositoryError) -> AuditHead {
        let entry = key.sealed(
            AuditEntry(
                organizationID: organization, sequence: head.sequence + 1, at: at, actor: note.actor,
                action: note.action, target: note.target, detail: note.detail.compactText, previousHash: head.hash,
                hash: "", origin: note.origin))
        try connection.execute(
            """
            INSERT INTO audit_entries (organization_id, \(columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                $12)
            """,
            [
                SQLValue(organization), SQLValue(entry.sequence), SQLValue(at), SQLValue(entry.actor),
                SQLValue(entry.action), SQLValue(entry.target), SQLValue(entry.detail), SQLValue(entry.previousHash),
                SQLValue(entry.hash), SQLValue(note.origin.keyID), SQLValue(note.origin.source), SQLValue(entry.mac),
            ])
        return entry.head
    }

    static let columns = "sequence, at, actor, action, target, detail, previous_hash, hash, key_id, source, mac"

    static func entry(_ row: any SQLRow, of organization: OrganizationID) -> AuditEntry {
        let origin = row.optionalText(8).map { AuditOrigin(keyID: $0, source: row.text(9)) }
        return AuditEntry(
            organizationID: organization, sequence: row.integer(0), at: row.time(1), actor: row.text(2),
            action: row.text(3), target: row.text(4), detail: row.text(5), previousHash: row.text(6), hash: row.text(7),
            origin: origin, mac: row.optionalText(10))
    }
}

extension AuditEntry {
    var head: AuditHead { AuditHead(sequence: sequence, hash: hash) }
}

extension Principal {
    /// The key used and the source address.
    func origin(from source: String) -> AuditOrigin {
        let key: String? =
            switch self {
            case .operator: nil
            case .user(_, _, let key), .service(_, let key): key.text
            }
        return AuditOrigin(keyID: key ?? "", source: source)
    }
}
