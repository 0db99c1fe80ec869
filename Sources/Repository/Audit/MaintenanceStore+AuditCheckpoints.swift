import Notifications

/// Signed checkpoints of the heads of all chains. Only the maintenance writes them.
extension MaintenanceStore {
    /// A bucket has the heads of a 1,024th of all organizations.
    private static let bucketsReadAtOnce = 32

    /// Writes a checkpoint if one is due or, with `isLast`, if anything has changed; otherwise returns nil.
    package func writeAuditCheckpoint(isLast: Bool = false) async throws(RepositoryError) -> AuditLedgerCheckpoint? {
        guard try await isCheckpointDue(isLast) else { return nil }
        do throws(RepositoryError) {
            return try await writeCheckpoint()
        } catch {
            context.ledger.failed(at: context.now())
            throw error
        }
    }

    /// What other nodes have written, and whether a change that memory knows of was made, only the database knows.
    private func isCheckpointDue(_ isLast: Bool) async throws(RepositoryError) -> Bool {
        let (ledger, now, isShared) = (context.ledger, context.now(), context.database.isShared)
        guard isLast || isShared || ledger.isDue(at: now) else { return false }
        let (entries, newest) = try await context.database.read(in: .noOrganization) {
            connection throws(RepositoryError) in
            (
                try Installation.read(on: connection).auditEntries,
                try AuditLedgerCheckpoint.newest(limit: 1, on: connection).first
            )
        }
        let unsigned = entries - (newest?.entries ?? 0)
        guard unsigned != 0 else {
            ledger.everythingIsSigned(at: now)
            return false
        }
        return isLast || !isShared || AuditLedger.isDue(after: Int(unsigned), since: newest?.at, at: now)
    }

    private func writeCheckpoint() async throws(RepositoryError) -> AuditLedgerCheckpoint {
        let (vault, ledger, at, isShared) = (context.vault, context.ledger, context.now(), context.database.isShared)
        let (previous, entries, look, read) = try await context.database.read(in: .wholeService) {
            connection throws(RepositoryError) in
            // The first statement takes the snapshot.
            let previous = try AuditLedgerCheckpoint.newest(limit: 1, on: connection).first
            let entries = try Installation.read(on: connection).auditEntries
            let look = ledger.look(all: isShared)
            return (previous, entries, look, try Self.hashes(ofBuckets: look.buckets, on: connection))
        }
        let root = ledger.root(with: read)
        let checkpoint = try vault.checkpoint(after: previous, at: at, entries: entries, root: root)
        try await context.database.write(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.execute(
                "INSERT INTO audit_checkpoints (\(AuditLedgerCheckpoint.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                [
                    SQLValue(checkpoint.number), SQLValue(checkpoint.at), SQLValue(checkpoint.entries),
                    SQLValue(checkpoint.root), SQLValue(checkpoint.previousHash), SQLValue(checkpoint.hash),
                    SQLValue(checkpoint.publicKey), SQLValue(checkpoint.signature),
                ])
        }
        ledger.covered(look, at: at)
        return checkpoint
    }

    private static func hashes(
        ofBuckets buckets: [Int], on connection: any SQLConnection
    ) throws(RepositoryError) -> [Int: [UInt8]] {
        var hashes: [Int: [UInt8]] = [:]
        for first in stride(from: 0, to: buckets.count, by: bucketsReadAtOnce) {
            let piece = buckets[first...].prefix(bucketsReadAtOnce)
            for (bucket, heads) in zip(piece, try AuditLog.heads(ofBuckets: piece, on: connection)) {
                hashes[bucket] = AuditRoot.hash(ofBucket: heads)
            }
        }
        return hashes
    }

    /// Deletes up to `limit` checkpoints older than 400 days, the default retention of audit logs, and returns how
    /// many. The newest stays.
    package func pruneAuditCheckpoints(limit: Int = rowsPrunedAtOnce) async throws(RepositoryError) -> Int {
        let limitTime = context.now() - .seconds(86_400 * 400)
        return try await context.database.write(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.execute(
                """
                DELETE FROM audit_checkpoints WHERE at < $1
                    AND number IN (SELECT number FROM audit_checkpoints WHERE number > 0 ORDER BY number LIMIT $2)
                    AND number < (SELECT max(number) FROM audit_checkpoints)
                """, [SQLValue(limitTime), SQLValue(limit)])
        }
    }
}
