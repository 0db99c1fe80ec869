import GRDB
import Migrations
import Repository

/// Which migrations have been applied to a file, as recorded by GRDB.
enum SchemaVersion {
    /// Files from before the first release use bare numbers. Their migrations altered earlier schemas, and there is no
    /// path from them to the first released one.
    private static let mark = "v"

    static func name(of migration: Int64) -> String { mark + String(migration) }

    /// The newest migration; 0 for a new file. Throws `unavailable` for a file from before the first release, for one that
    /// only newer programs can use, and for another program's.
    ///
    /// - Parameter known: the newest migration that this program knows.
    static func read(_ connection: any SQLConnection, known: Int64) throws(RepositoryError) -> Int64 {
        let isNew =
            try connection.row(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'grdb_migrations'", []
            ) { row in row.integer(0) } == nil
        guard !isNew else {
            try requireNoTables(connection)
            return 0
        }
        let names = try connection.rows("SELECT identifier FROM grdb_migrations", []) { row in row.text(0) }
        let numbers = names.map { name in name.utf8.starts(with: mark.utf8) ? Int64(name.dropFirst()) : nil }
        guard !numbers.contains(nil) else {
            throw .unavailable(
                "it was made by a version from before the first release, which cannot be brought up to date; "
                    + "start with a new data folder. Nothing was changed")
        }
        let newest = numbers.compactMap(\.self).max() ?? 0
        let oldest = try connection.row("PRAGMA user_version", []) { row in row.integer(0) } ?? 0
        guard oldest <= known else {
            throw .unavailable(
                "it has schema \(newest), which programs that know schema \(oldest) can use; this one knows schema "
                    + "\(known), so it has to be updated. Nothing was changed")
        }
        return newest
    }

    /// Notes in the file's header from which schema on programs can use the database, if not all can.
    static func note(_ migration: Migration, on database: Database) throws {
        if migration.oldest > 0 { try database.execute(sql: "PRAGMA user_version = \(migration.oldest)") }
    }

    private static func requireNoTables(_ connection: any SQLConnection) throws(RepositoryError) {
        let table = try connection.row(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' LIMIT 1", []
        ) { row in row.text(0) }
        guard let table else { return }
        throw .unavailable(
            "it belongs to another program, which made its table \(table); choose another file. No table was changed")
    }
}
