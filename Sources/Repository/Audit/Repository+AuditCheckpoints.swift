import Notifications

extension Repository {
    /// Checkpoints after a number, oldest first, for the operator to keep elsewhere.
    package func auditCheckpoints(
        after number: Int64, limit: Int, as principal: Principal
    ) async throws(RepositoryError) -> [AuditLedgerCheckpoint] {
        try await requireOperator(principal, for: "audit_checkpoints.list")
        return try await context.database.read(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT \(AuditLedgerCheckpoint.columns) FROM audit_checkpoints WHERE number > $1 ORDER BY number LIMIT $2
                """, [SQLValue(number), SQLValue(limit)]
            ) { row in AuditLedgerCheckpoint(row) }
        }
    }
}
