import Notifications

/// Signed words of what the heads of all chains are. One writes them: the maintenance.
extension Repository {
    /// A new checkpoint if one is due, or, with `isLast`, if anything has changed; nil otherwise.
    package func writeAuditCheckpoint(isLast: Bool = false) async throws(RepositoryError) -> AuditLedgerCheckpoint? {
        guard isLast ? ledger.hasChanges : ledger.isDue(at: now()) else { return nil }
        let buckets = ledger.begin()
        do throws(RepositoryError) {
            return try await writeCheckpoint(reading: buckets)
        } catch {
            ledger.failed(buckets, at: now())
            throw error
        }
    }

    private func writeCheckpoint(reading buckets: [Int]) async throws(RepositoryError) -> AuditLedgerCheckpoint {
        let (ledger, vault, at) = (ledger, vault, now())
        let (previous, entries, read) = try await database.read { connection throws(RepositoryError) in
            var read: [Int: [UInt8]] = [:]
            for bucket in buckets { read[bucket] = AuditRoot.hash(ofBucket: try Self.heads(bucket, on: connection)) }
            let entries = try Installation.read(on: connection).auditEntries
            return (try Self.checkpoints(before: .max, limit: 1, on: connection).first, entries, read)
        }
        let root = ledger.root(with: read)
        let checkpoint = try vault.checkpoint(after: previous, at: at, entries: entries, root: root)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute(
                "INSERT INTO audit_checkpoints (\(Self.checkpointColumns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                [
                    SQLValue(checkpoint.number), SQLValue(checkpoint.at), SQLValue(checkpoint.entries),
                    SQLValue(checkpoint.root), SQLValue(checkpoint.previousHash), SQLValue(checkpoint.hash),
                    SQLValue(checkpoint.publicKey), SQLValue(checkpoint.signature),
                ])
        }
        return checkpoint
    }

    /// Checkpoints behind a number, oldest first; for the operator, to keep them elsewhere.
    package func auditCheckpoints(
        after number: Int64, limit: Int, as principal: Principal
    ) async throws(RepositoryError) -> [AuditLedgerCheckpoint] {
        try await requireOperator(principal, for: "audit_checkpoints.list")
        return try await database.read { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT \(Self.checkpointColumns) FROM audit_checkpoints WHERE number > $1 ORDER BY number LIMIT $2
                """, [SQLValue(number), SQLValue(limit)]
            ) { row in AuditLedgerCheckpoint(row) }
        }
    }

    /// Deletes a piece of the checkpoints that are older than 400 days, as long as an audit log is kept unless its
    /// organization says otherwise; how many. The newest stays.
    package func pruneAuditCheckpoints(limit: Int = rowsPrunedAtOnce) async throws(RepositoryError) -> Int {
        let limitTime = now() - .seconds(86_400 * 400)
        return try await database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                DELETE FROM audit_checkpoints WHERE at < $1
                    AND number IN (SELECT number FROM audit_checkpoints WHERE number > 0 ORDER BY number LIMIT $2)
                    AND number < (SELECT max(number) FROM audit_checkpoints)
                """, [SQLValue(limitTime), SQLValue(limit)])
        }
    }

    static let checkpointColumns = "number, at, entries, root, previous_hash, hash, public_key, signature"

    /// Newest first.
    static func checkpoints(
        before number: Int64, limit: Int, on connection: any SQLConnection
    ) throws(RepositoryError) -> [AuditLedgerCheckpoint] {
        try connection.rows(
            """
            SELECT \(checkpointColumns) FROM audit_checkpoints WHERE number < $1 ORDER BY number DESC LIMIT $2
            """, [SQLValue(number), SQLValue(limit)]
        ) { row in AuditLedgerCheckpoint(row) }
    }

    static func heads(
        _ bucket: Int, on connection: any SQLConnection
    ) throws(RepositoryError) -> [(organization: OrganizationID, head: AuditHead)] {
        try connection.rows(
            """
            SELECT organization_id, sequence, hash FROM audit_heads WHERE bucket = $1 ORDER BY organization_id
            """, [SQLValue(bucket)]
        ) { row in (row.number(0), AuditHead(sequence: row.integer(1), hash: row.text(2))) }
    }
}

extension AuditLedgerCheckpoint {
    fileprivate init(_ row: any SQLRow) {
        self.init(
            number: row.integer(0), at: row.time(1), entries: row.integer(2), root: row.text(3),
            previousHash: row.text(4), hash: row.text(5), publicKey: row.text(6), signature: row.text(7))
    }
}
