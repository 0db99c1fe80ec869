import Notifications

/// The end of a chain: the newest entry, the stored head, and whether they match.
struct ChainEnd {
    let newest: AuditEntry?
    let kept: (head: AuditHead, mac: String)?
    /// Why the newest entry is not the one that the service wrote; nil when it is.
    let finding: String?

    init(of organization: OrganizationID, key: AuditKey, on connection: any SQLConnection) throws(RepositoryError) {
        newest = try connection.row(
            """
            SELECT \(AuditLog.columns) FROM audit_entries WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1
            """, [SQLValue(organization)]
        ) { row in AuditLog.entry(row, of: organization) }
        kept = try connection.row(
            "SELECT sequence, hash, mac FROM audit_heads WHERE organization_id = $1 LIMIT 1", [SQLValue(organization)]
        ) { row in (AuditHead(sequence: row.integer(0), hash: row.text(1)), row.text(2)) }
        finding = AuditHead.finding(newest: newest, kept: kept, key: key)
    }

    /// The head, if the newest entry matches it.
    func soundHead() throws(RepositoryError) -> AuditHead {
        if let finding {
            throw .conflict("The audit log was changed outside Runbell, so it is not signed: \(finding).")
        }
        return newest?.head ?? .none
    }
}

extension AuditLog {
    /// The heads of a bucket's chains.
    static func heads(
        _ bucket: Int, on connection: any SQLConnection
    ) throws(RepositoryError) -> [(organization: OrganizationID, head: AuditHead)] {
        try heads(ofBuckets: [bucket], on: connection).first ?? []
    }

    /// The same for several buckets, in one step.
    static func heads(
        ofBuckets buckets: some Collection<Int>, on connection: any SQLConnection
    ) throws(RepositoryError) -> [[(organization: OrganizationID, head: AuditHead)]] {
        var heads = [[(organization: OrganizationID, head: AuditHead)]](repeating: [], count: buckets.count)
        try connection.together([
            SQLStep(
                asking: """
                    SELECT organization_id, sequence, hash FROM audit_heads WHERE bucket = $1 ORDER BY organization_id
                    """, buckets.map { [SQLValue($0)] }
            ) { number, row in
                heads[number].append((row.number(0), AuditHead(sequence: row.integer(1), hash: row.text(2))))
            }
        ])
        return heads
    }

    /// Stores the new head and updates the total over all chains.
    static func keep(
        _ head: AuditHead, insteadOf before: AuditHead?, of organization: OrganizationID, with pen: Pen,
        on connection: any SQLConnection
    ) throws(RepositoryError) {
        let bucket = AuditRoot.bucket(of: organization)
        try connection.execute(
            """
            INSERT INTO audit_heads (organization_id, bucket, sequence, hash, mac) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (organization_id) DO UPDATE SET bucket = $2, sequence = $3, hash = $4, mac = $5
            """,
            [
                SQLValue(organization), SQLValue(bucket), SQLValue(head.sequence), SQLValue(head.hash),
                SQLValue(pen.vault.auditKey(of: organization).mac(ofHead: head)),
            ])
        var installation = try Installation.read(on: connection)
        try installation.change(pen.vault, on: connection) { installation in
            installation.auditEntries += head.sequence - (before?.sequence ?? 0)
        }
        pen.vault.ledger.changed(bucket: bucket, at: pen.at)
    }
}
