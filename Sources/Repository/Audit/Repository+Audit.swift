import Notifications

extension Transaction {
    fileprivate func auditEntry(_ sequence: Int64) throws(RepositoryError) -> AuditEntry {
        let entry = try connection.row(
            "SELECT \(AuditLog.columns) FROM audit_entries WHERE organization_id = $1 AND sequence = $2",
            [SQLValue(organization), SQLValue(sequence)]
        ) { row in AuditLog.entry(row, of: organization) }
        guard let entry else { throw .notFound("audit entry") }
        return entry
    }
}

extension Repository {
    /// The audit log of the installation itself, newest first. Operator only.
    package func installationLog(
        page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<AuditEntry> {
        try await requireOperator(principal, for: "installation_log.read")
        let before = try page.sequence() ?? .max
        return try await context.database.read(in: .organization(.installation)) { connection throws(RepositoryError) in
            let entries = try connection.rows(
                """
                SELECT \(AuditLog.columns) FROM audit_entries WHERE organization_id = $1 AND sequence < $2
                ORDER BY sequence DESC LIMIT $3
                """, [SQLValue(OrganizationID.installation), SQLValue(before), SQLValue(page.limit + 1)]
            ) { row in AuditLog.entry(row, of: .installation) }
            return Page(entries, limit: page.limit) { String($0.sequence) }
        }
    }

    /// For actions that belong to no organization. A refusal is written to the caller's own log.
    func requireOperator(_ principal: Principal, for action: String) async throws(RepositoryError) {
        guard let home = principal.organizationID else { return }
        try await look(home, .operate, action, as: principal, reading: .short) { _ throws(RepositoryError) in }
    }

    /// Newest first. A filter that matches little may return less than a page, with a cursor to continue.
    package func auditLog(
        of organization: OrganizationID, filter: AuditFilter, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<AuditEntry> {
        try await look(organization, .administer, "audit_log.read", as: principal) {
            transaction throws(RepositoryError) in
            let walk = ListWalk<Int64>(
                table: "audit_entries", place: "sequence", along: Conditions(organization: organization),
                wanted: filter.conditions)
            return try walk.page(page.limit, below: try page.sequence(), on: transaction.connection)
                .reading { sequence throws(RepositoryError) in try transaction.auditEntry(sequence) }
        }
    }

    /// The whole chain in pieces: at most `limit` entries after `sequence`, oldest first.
    package func auditEntries(
        after sequence: Int64, limit: Int, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> [AuditEntry] {
        try await look(organization, .administer, "audit_log.export", as: principal) {
            transaction throws(RepositoryError) in
            try transaction.connection.rows(
                """
                SELECT \(AuditLog.columns) FROM audit_entries WHERE organization_id = $1 AND sequence > $2
                ORDER BY sequence LIMIT $3
                """, [SQLValue(organization), SQLValue(sequence), SQLValue(limit)]
            ) { row in AuditLog.entry(row, of: organization) }
        }
    }

    /// The extent of the chain: the last pruned entry (0 if none) and its end, signed now.
    package func auditSpan(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (prunedUpTo: Int64, head: AuditCheckpoint) {
        try await look(organization, .administer, "audit_log.export", as: principal) {
            transaction throws(RepositoryError) in
            let checkpoint = try transaction.signedHead()
            return (try AuditLog.prunedUpTo(organization, on: transaction.connection), checkpoint)
        }
    }

    /// The end of the chain, signed now. Throws `conflict` if it is not what the service wrote.
    package func auditHead(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> AuditCheckpoint {
        try await look(organization, .administer, "audit_log.head", as: principal) {
            transaction throws(RepositoryError) in
            try transaction.signedHead()
        }
    }
}

extension Transaction {
    /// Throws `conflict` if the end of the chain is not what the service wrote: it signs nothing that somebody else
    /// made.
    fileprivate func signedHead() throws(RepositoryError) -> AuditCheckpoint {
        let end = try ChainEnd(of: organization, key: vault.auditKey(of: organization), on: connection)
        let head = try end.soundHead()
        return try vault.checkpoint(organization: organization, sequence: head.sequence, hash: head.hash, at: at)
    }
}
