import Repository

extension SQLiteDatabase: CopyableDatabase {
    /// From the catalog. Throws `unavailable` for a type or a table that no schema of ours has.
    package func tables() async throws(RepositoryError) -> [CopiedTable] {
        let columns = try await read(.own, in: .noOrganization) { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT t.name, c.name, c.type, c.pk FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name <> 'grdb_migrations'
                """, []
            ) { row in StoredColumn(row) }
        }
        return try StoredColumn.tables(columns) { type in
            switch type {
            case "INTEGER": .integer
            case "TEXT": .text
            case "BLOB": .bytes
            default: nil
            }
        }
    }

    /// Triggers, which hold for every process and version.
    package func refusal(ofChangesTo table: String, reason: String) -> [String] {
        ["INSERT", "UPDATE", "DELETE"].map { change in
            """
            CREATE TRIGGER "refuses_\(change)_on_\(table)" BEFORE \(change) ON "\(table)"
            BEGIN SELECT RAISE(ABORT, '\(reason)'); END
            """
        }
    }
}
