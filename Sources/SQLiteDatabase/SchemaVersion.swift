import Repository

/// Which migrations have been applied to a file, as recorded by GRDB.
enum SchemaVersion {
    /// Files from before the first release use bare numbers. Their migrations altered earlier schemas, and there is no
    /// path from them to the first released one.
    private static let mark = "v"

    static func name(of migration: Int64) -> String { mark + String(migration) }

    /// The newest migration; 0 for a new file. Throws `unavailable` for a file from before the first release.
    static func read(_ connection: any SQLConnection) throws(RepositoryError) -> Int64 {
        let isNew =
            try connection.row(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'grdb_migrations'", []
            ) { row in row.integer(0) } == nil
        guard !isNew else { return 0 }
        let names = try connection.rows("SELECT identifier FROM grdb_migrations", []) { row in row.text(0) }
        let numbers = names.map { name in name.utf8.starts(with: mark.utf8) ? Int64(name.dropFirst()) : nil }
        guard !numbers.contains(nil) else {
            throw .unavailable(
                "it was made by a version from before the first release, which cannot be brought up to date; "
                    + "start with a new data folder. Nothing was changed")
        }
        return numbers.compactMap(\.self).max() ?? 0
    }
}
