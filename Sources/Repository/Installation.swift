import Notifications

/// What the database says of the service that it belongs to.
struct Installation {
    /// The sum of the sequences of all heads of audit chains: one that is put back to what it was shows in it.
    var auditEntries: Int64
    /// Heads of chains from before were taken over up to this organization, and whether that is done.
    var headsTakenUpTo: Int64
    var headsAreComplete: Bool
    private(set) var mac: String?

    static func read(on connection: any SQLConnection) throws(RepositoryError) -> Installation {
        let found = try connection.row(
            "SELECT audit_entries, heads_taken_up_to, heads_are_complete, mac FROM installation WHERE only = 1", []
        ) { row in
            Installation(
                auditEntries: row.integer(0), headsTakenUpTo: row.integer(1), headsAreComplete: row.integer(2) == 1,
                mac: row.optionalText(3))
        }
        guard let found else { throw .unavailable("the table installation is empty") }
        return found
    }

    private func mac(_ vault: Vault) -> String {
        vault.installationMAC(of: [auditEntries, headsTakenUpTo, headsAreComplete ? 1 : 0])
    }

    /// Before anything was written there is no MAC.
    func isAuthentic(_ vault: Vault) -> Bool {
        if let mac { return mac == self.mac(vault) }
        return auditEntries == 0 && !headsAreComplete
    }

    /// What was changed behind the service's back stays recognizable: it gets no MAC.
    mutating func change(
        _ vault: Vault, on connection: any SQLConnection, _ change: (inout Installation) -> Void
    ) throws(RepositoryError) {
        let wasAuthentic = isAuthentic(vault)
        change(&self)
        if wasAuthentic { mac = mac(vault) }
        try connection.execute(
            """
            UPDATE installation SET audit_entries = $1, heads_taken_up_to = $2, heads_are_complete = $3, mac = $4
            WHERE only = 1
            """,
            [
                SQLValue(auditEntries), SQLValue(headsTakenUpTo), .integer(headsAreComplete ? 1 : 0), SQLValue(mac),
            ])
    }
}

extension Repository {
    /// Whether the master key is the one that the database was made with; also true of one that knows no key yet. Reads
    /// only, and a database of any version: it is asked before the schema is brought up to date.
    package func isOfThisMasterKey() async throws(RepositoryError) -> Bool {
        try await database.read { [vault] connection throws(RepositoryError) in
            if try Self.has("installation", connection) {
                let known = try connection.row(
                    "SELECT master_key_fingerprint FROM installation WHERE only = 1", []
                ) { row in row.optionalBlob(0) }
                if let known = known ?? nil { return known == vault.fingerprint }
            }
            guard try Self.has("sealing_keys", connection) else { return true }
            // A version before this noted no fingerprint. What it sealed tells.
            let sealed = try connection.row(
                """
                SELECT organization_id, sealed_key FROM sealing_keys WHERE organization_id >= $1
                ORDER BY organization_id LIMIT 1
                """, [.integer(.min)]
            ) { row in
                (OrganizationID(row.integer(0)), row.blob(1))
            }
            return sealed.map { vault.opens($0.1, of: $0.0) } ?? true
        }
    }

    /// Notes the master key's fingerprint, at the first start.
    package func noteMasterKey() async throws(RepositoryError) {
        try await database.write { [vault] connection throws(RepositoryError) in
            try connection.execute(
                "UPDATE installation SET master_key_fingerprint = $1 WHERE only = 1 AND master_key_fingerprint IS NULL",
                [.blob(vault.fingerprint)])
        }
    }

    private static func has(_ table: String, _ connection: any SQLConnection) throws(RepositoryError) -> Bool {
        try connection.row(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1", [SQLValue(table)]
        ) { row in row.integer(0) } != nil
    }
}
