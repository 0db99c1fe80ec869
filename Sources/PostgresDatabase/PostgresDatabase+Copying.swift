import Repository

extension PostgresDatabase: CopyableDatabase {
    /// From the catalog. Throws `unavailable` for a type or a table that no schema of ours has.
    package func tables() async throws(RepositoryError) -> [CopiedTable] {
        let columns = try await read(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.rows(Self.columns, []) { row in StoredColumn(row) }
        }
        return try StoredColumn.tables(columns) { type in
            switch type {
            case "int8": .integer
            case "text": .text
            case "bytea", "uuid": .bytes
            default: nil
            }
        }
    }

    /// With the position of each in the primary key; 0 if it is not part of it.
    private static let columns = """
        SELECT t.relname::text, a.attname::text, y.typname::text,
            coalesce((SELECT k.place FROM unnest(i.indkey) WITH ORDINALITY k (number, place)
                WHERE k.number = a.attnum), 0)
        FROM pg_class t
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type y ON y.oid = a.atttypid
            JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
        WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND t.relname <> 'schema_migrations'
        """

    /// Triggers, which hold for every process and version.
    package func refusal(ofChangesTo table: String, reason: String) -> [String] {
        [
            """
            CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '\(reason)'; END $$
            """,
            """
            CREATE TRIGGER refuses_change BEFORE INSERT OR UPDATE OR DELETE ON "\(table)"
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
            """,
        ]
    }
}
