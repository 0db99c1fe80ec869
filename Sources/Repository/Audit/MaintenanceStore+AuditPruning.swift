import Notifications

extension MaintenanceStore {
    /// Deletes a piece of an organization's old audit entries; how many, 0 when none is left.
    ///
    /// Before anything goes, an entry `audit.pruned` with a signature says which ones and what the last one's hash was. A
    /// crash between that and the last piece leaves a rest, which no export shows and the next call deletes.
    package func pruneAuditEntries(of organization: OrganizationID) async throws(RepositoryError) -> Int {
        try await context.serve(organization) { transaction throws(RepositoryError) in
            let rest = try transaction.deleteAnnounced()
            guard rest == 0 else { return rest }
            let days = try Organization.get(organization, on: transaction.connection).auditRetentionDays
            try transaction.announcePruning(before: transaction.at - .seconds(86_400 * days))
            return try transaction.deleteAnnounced()
        }
    }
}

extension AuditLog {
    /// Up to which entry the chain was pruned; 0 when it is whole.
    static func prunedUpTo(
        _ organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> Int64 {
        try connection.row(
            "SELECT coalesce(max(up_to), 0) FROM audit_prunings WHERE organization_id = $1", [SQLValue(organization)]
        ) { row in row.integer(0) } ?? 0
    }
}

extension Transaction {
    /// Says what is to go, unless that has been said. The entry that says it stays, so the chain never gets empty.
    fileprivate func announcePruning(before limit: Timestamp) throws(RepositoryError) {
        let pruned = try AuditLog.prunedUpTo(organization, on: connection)
        guard let last = try lastEntry(before: limit), last.sequence > pruned else { return }
        let pruning = try vault.pruning(organization: organization, upTo: last.sequence, hash: last.hash, at: at)
        try audit(AuditPruning.action, "audit_log:\(organization)", pruning.json, actor: Self.system)
        try connection.execute(
            "INSERT INTO audit_prunings (organization_id, up_to, hash, at) VALUES ($1, $2, $3, $4)",
            [SQLValue(organization), SQLValue(last.sequence), SQLValue(last.hash), SQLValue(at)])
    }

    /// The last of the entries that are all older: right before the first that is not.
    private func lastEntry(before limit: Timestamp) throws(RepositoryError) -> (sequence: Int64, hash: String)? {
        try connection.row(
            """
            SELECT sequence, hash FROM audit_entries WHERE organization_id = $1 AND sequence < coalesce(
                (SELECT sequence FROM audit_entries WHERE organization_id = $1 AND at >= $2 ORDER BY sequence LIMIT 1),
                $3)
            ORDER BY sequence DESC LIMIT 1
            """, [SQLValue(organization), SQLValue(limit), SQLValue(Int64.max)]
        ) { row in (row.integer(0), row.text(1)) }
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
