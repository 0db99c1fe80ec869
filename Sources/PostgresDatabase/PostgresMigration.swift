import Migrations
import Repository

/// Brings a database to the newest schema, step by step, each in a transaction of its own.
struct PostgresMigration: Sendable {
    let address: PostgresAddress

    /// The newest step that was taken; 0 in an empty database.
    static func version(on connection: any SQLConnection) throws(RepositoryError) -> Int64 {
        let table = try connection.row("SELECT to_regclass('schema_migrations')::text", []) { row in
            row.optionalText(0)
        }
        guard case .some(.some) = table else { return 0 }
        return try connection.row("SELECT coalesce(max(number), 0) FROM schema_migrations", []) { row in
            row.integer(0)
        } ?? 0
    }

    /// Holds the lock of migrations as long as the session lives.
    func run(on line: PostgresLine) -> Result<Void, RepositoryError> {
        do throws(PostgresFault) {
            return .success(try line.use { session throws(PostgresFault) in try Self.migrate(session) })
        } catch {
            return .failure(error.ofWrite)
        }
    }

    private static func migrate(_ session: PostgresSession) throws(PostgresFault) {
        try session.script(SessionCommands.lockForMigrating)
        try session.script(table)
        let newest = try session.run("SELECT coalesce(max(number), 0)::text FROM schema_migrations").firstText
        let found = newest.flatMap { Int64($0) } ?? 0
        for step in Migration.postgresql where step.number > found {
            // One text is one transaction.
            try session.script(
                """
                \(step.sql)
                INSERT INTO schema_migrations (number, name) VALUES (\(step.number), '\(step.name)');
                """)
        }
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number bigint NOT NULL PRIMARY KEY,
            name text COLLATE "C" NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """
}
