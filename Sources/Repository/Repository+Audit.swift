import Notifications

package struct AuditFilter: Sendable {
    package var actor: String?
    package var action: String?
    package var target: String?
    /// Written at or after.
    package var since: Timestamp?
    /// Written before.
    package var until: Timestamp?

    package init(
        actor: String? = nil, action: String? = nil, target: String? = nil, since: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.actor = actor
        self.action = action
        self.target = target
        self.since = since
        self.until = until
    }
}

extension Repository {
    /// Newest first.
    package func auditLog(
        of organization: OrganizationID, filter: AuditFilter, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<AuditEntry> {
        try await look(organization, .administer, "audit_log.read", as: principal) {
            transaction throws(RepositoryError) in
            var conditions = Conditions(organization: organization)
            conditions.add("sequence <", try page.sequence().map(SQLValue.integer))
            conditions.add("actor =", filter.actor.map(SQLValue.text))
            conditions.add("action =", filter.action.map(SQLValue.text))
            conditions.add("target =", filter.target.map(SQLValue.text))
            conditions.add("at >=", filter.since.map { .integer($0.microseconds) })
            conditions.add("at <", filter.until.map { .integer($0.microseconds) })
            let entries = try transaction.connection.rows(
                """
                SELECT \(AuditLog.columns) FROM audit_entries WHERE \(conditions.sql)
                ORDER BY sequence DESC LIMIT \(conditions.place(of: SQLValue(page.limit + 1)))
                """, conditions.values
            ) { row in AuditLog.entry(row, of: organization) }
            return Page(entries, limit: page.limit) { String($0.sequence) }
        }
    }

    /// The whole chain in pieces: entries behind `sequence`, oldest first, at most `limit`.
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

    /// The whole chain as it is now: up to which entry it was pruned (0 when it was not), and its end, signed now.
    package func auditSpan(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (prunedUpTo: Int64, head: AuditCheckpoint) {
        try await look(organization, .administer, "audit_log.export", as: principal) {
            transaction throws(RepositoryError) in
            let head = try AuditLog.head(of: organization, on: transaction.connection)
            let checkpoint = try transaction.vault.checkpoint(
                organization: organization, sequence: head.sequence, hash: head.hash, at: transaction.at)
            return (try AuditLog.prunedUpTo(organization, on: transaction.connection), checkpoint)
        }
    }

    /// The end of the chain, signed now.
    package func auditHead(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> AuditCheckpoint {
        try await look(organization, .administer, "audit_log.head", as: principal) {
            transaction throws(RepositoryError) in
            let head = try AuditLog.head(of: organization, on: transaction.connection)
            return try transaction.vault.checkpoint(
                organization: organization, sequence: head.sequence, hash: head.hash, at: transaction.at)
        }
    }
}
