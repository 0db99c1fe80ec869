import Notifications

/// Whether the database belongs to this master key.
extension MaintenanceStore {
    /// Whether the database was made with this master key; also true if it has no key yet.
    package func isOfThisMasterKey() async throws(RepositoryError) -> Bool {
        let known = try await context.database.read(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.row(
                """
                SELECT master_key_fingerprint FROM installation WHERE "only" = 1
                """, []
            ) { row in
                row.optionalBlob(0)
            }
        }
        guard let known = known ?? nil else { return true }
        return known == context.vault.fingerprint
    }

    /// Stores the master key's fingerprint at the first start. False if another node was first, with another key.
    package func noteMasterKey() async throws(RepositoryError) -> Bool {
        try await context.database.write(in: .noOrganization) {
            [vault = context.vault] connection throws(RepositoryError) in
            try connection.execute(
                """
                UPDATE installation SET master_key_fingerprint = $1
                WHERE "only" = 1 AND master_key_fingerprint IS NULL
                """, [.blob(vault.fingerprint)])
        }
        return try await isOfThisMasterKey()
    }
}
