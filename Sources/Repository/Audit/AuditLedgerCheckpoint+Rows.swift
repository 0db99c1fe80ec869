import Notifications

/// The table of checkpoints.
extension AuditLedgerCheckpoint {
    static let columns = "number, at, entries, root, previous_hash, hash, public_key, signature"

    /// Newest first.
    static func newest(
        limit: Int, on connection: any SQLConnection
    ) throws(RepositoryError) -> [AuditLedgerCheckpoint] {
        try connection.rows(
            """
            SELECT \(columns) FROM audit_checkpoints WHERE number < $1 ORDER BY number DESC LIMIT $2
            """, [SQLValue(Int64.max), SQLValue(limit)]
        ) { row in AuditLedgerCheckpoint(row) }
    }

    init(_ row: any SQLRow) {
        self.init(
            number: row.integer(0), at: row.time(1), entries: row.integer(2), root: row.text(3),
            previousHash: row.text(4), hash: row.text(5), publicKey: row.text(6), signature: row.text(7))
    }
}
