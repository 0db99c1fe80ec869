import Notifications

extension MaintenanceStore {
    /// Deletes one piece of an organization's old audit entries and returns how many, 0 when none are left.
    ///
    /// Before anything is deleted, a signed entry `audit.pruned` records which entries go and the hash of the last one.
    /// A crash between that and the last piece leaves a remainder, which no export shows and the next call deletes.
    ///
    /// What has expired is found outside the write transaction: it may be years of entries.
    package func pruneAuditEntries(of organization: OrganizationID) async throws(RepositoryError) -> Int {
        let rest = try await context.serve(organization) { transaction throws(RepositoryError) in
            try transaction.deleteAnnounced()
        }
        guard rest == 0 else { return rest }
        let last = try await context.read(of: organization) { transaction throws(RepositoryError) in
            let days = try Organization.get(organization, on: transaction.connection).auditRetentionDays
            return try transaction.lastEntry(before: transaction.at - .seconds(86_400 * days))
        }
        guard let last else { return 0 }
        return try await context.serve(organization) { transaction throws(RepositoryError) in
            try transaction.announcePruning(upTo: last)
            return try transaction.deleteAnnounced()
        }
    }
}

extension AuditLog {
    /// The last pruned entry of the chain; 0 if nothing has been pruned.
    static func prunedUpTo(
        _ organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> Int64 {
        try connection.row(
            "SELECT coalesce(max(up_to), 0) FROM audit_prunings WHERE organization_id = $1", [SQLValue(organization)]
        ) { row in row.integer(0) } ?? 0
    }
}

extension Transaction {
    /// Announces what is to be deleted, unless already announced. The announcement stays, so the chain never becomes
    /// empty.
    fileprivate func announcePruning(upTo last: AuditHead) throws(RepositoryError) {
        guard last.sequence > (try AuditLog.prunedUpTo(organization, on: connection)) else { return }
        let pruning = try vault.pruning(organization: organization, upTo: last.sequence, hash: last.hash, at: at)
        try audit(AuditPruning.action, "audit_log:\(organization)", pruning.json, actor: Self.system)
        try connection.execute(
            "INSERT INTO audit_prunings (organization_id, up_to, hash, at) VALUES ($1, $2, $3, $4)",
            [SQLValue(organization), SQLValue(last.sequence), SQLValue(last.hash), SQLValue(at)])
    }

    /// The last entry of the expired prefix: the one before the first that is not older than the limit. The bound is a
    /// subquery as a whole: behind row-level security, an index is not entered with what may fail, such as `coalesce`.
    fileprivate func lastEntry(before limit: Timestamp) throws(RepositoryError) -> AuditHead? {
        try connection.row(
            """
            SELECT sequence, hash FROM audit_entries WHERE organization_id = $1 AND sequence < (SELECT coalesce(
                (SELECT sequence FROM audit_entries WHERE organization_id = $1 AND at >= $2 ORDER BY sequence LIMIT 1),
                $3))
            ORDER BY sequence DESC LIMIT 1
            """, [SQLValue(organization), SQLValue(limit), SQLValue(Int64.max)]
        ) { row in AuditHead(sequence: row.integer(0), hash: row.text(1)) }
    }

    fileprivate func deleteAnnounced() throws(RepositoryError) -> Int {
        let pruned = try AuditLog.prunedUpTo(organization, on: connection)
        return try connection.execute(
            """
            DELETE FROM audit_entries WHERE organization_id = $1 AND sequence IN (
                SELECT sequence FROM audit_entries WHERE organization_id = $1 AND sequence <= $2
                ORDER BY sequence LIMIT \(MaintenanceStore.rowsPrunedAtOnce))
            """, [SQLValue(organization), SQLValue(pruned)])
    }
}
