import Notifications

/// Checks at start-up.
extension MaintenanceStore {
    private static let checkpointsAtStart = 1000
    private static let bucketsAtOnce = 64
    private static let chainsAtStart = 200
    private static let entriesOfAChain = 5

    /// Differences between the audit logs and what the service wrote, in whole sentences. Checks the checkpoints, the
    /// sum of all heads, the root, and for a sample of chains the end and some randomly chosen entries. Nothing may
    /// write meanwhile.
    package func auditFindings() async throws(RepositoryError) -> [String] {
        let (installation, checkpoints) = try await context.database.read(in: .noOrganization) {
            connection throws(RepositoryError) in
            (
                try Installation.read(on: connection),
                try AuditLedgerCheckpoint.newest(limit: Self.checkpointsAtStart, on: connection)
            )
        }
        var findings = CheckpointCheck.findings(in: checkpoints, publicKey: context.vault.auditPublicKey)
        if !installation.isAuthentic(context.vault) {
            findings.append("The database's record of all audit logs was changed.")
        }
        let (sum, root) = try await readHeads()
        findings += CheckpointCheck.findings(
            newest: checkpoints.first, entries: installation.auditEntries, sum: sum, root: root)
        for organization in try await sample() { findings += try await self.findings(in: organization) }
        return findings
    }

    /// Reads all heads in pieces; returns their sum and the root over them.
    private func readHeads() async throws(RepositoryError) -> (sum: Int64, root: String) {
        var (sum, root): (Int64, String) = (0, "")
        for start in stride(from: 0, to: AuditRoot.bucketCount, by: Self.bucketsAtOnce) {
            let (piece, read) = try await context.database.read(in: .wholeService) {
                connection throws(RepositoryError) in
                var (piece, read): (Int64, [Int: [UInt8]]) = (0, [:])
                for bucket in start..<start + Self.bucketsAtOnce {
                    let heads = try AuditLog.heads(bucket, on: connection)
                    piece += heads.reduce(0) { $0 + $1.head.sequence }
                    read[bucket] = AuditRoot.hash(ofBucket: heads)
                }
                return (piece, read)
            }
            sum += piece
            root = context.ledger.root(with: read)
        }
        return (sum, root)
    }

    /// The chains to check: all of a few buckets.
    private func sample() async throws(RepositoryError) -> [OrganizationID] {
        let start = Int.random(in: 0..<AuditRoot.bucketCount)
        return try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
            var found: [OrganizationID] = []
            for offset in 0..<AuditRoot.bucketCount where found.count < Self.chainsAtStart {
                let bucket = (start + offset) % AuditRoot.bucketCount
                found += try AuditLog.heads(bucket, on: connection).map(\.organization)
            }
            return Array(found.prefix(Self.chainsAtStart))
        }
    }

    private func findings(in organization: OrganizationID) async throws(RepositoryError) -> [String] {
        let key = context.vault.auditKey(of: organization)
        return try await context.database.read(in: .organization(organization)) { connection throws(RepositoryError) in
            let end = try ChainEnd(of: organization, key: key, on: connection)
            if let finding = end.finding { return ["The audit log of organization \(organization): \(finding)."] }
            let newest = end.newest?.sequence ?? 0
            let pruned = try AuditLog.prunedUpTo(organization, on: connection)
            guard newest > pruned else { return [] }
            let drawn = (0..<Self.entriesOfAChain).map { _ in Int64.random(in: pruned + 1...newest) }
            for sequence in drawn {
                let entry = try AuditLog.entry(sequence, of: organization, on: connection)
                if let entry, key.wrote(entry) { continue }
                return ["The audit log of organization \(organization): entry \(sequence) was changed or is missing."]
            }
            return []
        }
    }
}

extension AuditLog {
    static func entry(
        _ sequence: Int64, of organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> AuditEntry? {
        try connection.row(
            "SELECT \(columns) FROM audit_entries WHERE organization_id = $1 AND sequence = $2",
            [SQLValue(organization), SQLValue(sequence)]
        ) { row in entry(row, of: organization) }
    }
}
