import Migrations
import Repository

/// Brings a database to the newest schema, step by step, each in a transaction of its own.
struct PostgresMigration: Sendable {
    private static let mostRuns = 20

    let address: PostgresAddress
    let steps: [Migration]

    /// The newest step that was taken, and the oldest schema whose programs can use the database after all that were
    /// taken; 0 in an empty database.
    static func version(on connection: any SQLConnection) throws(RepositoryError) -> (newest: Int64, oldest: Int64) {
        let table = try connection.row("SELECT to_regclass('schema_migrations')::text", []) { row in
            row.optionalText(0)
        }
        guard case .some(.some) = table else { return (0, 0) }
        // Not every database has the column `oldest`.
        return try connection.row(
            """
            SELECT coalesce(max(number), 0), coalesce(max((to_jsonb(m) ->> 'oldest')::bigint), 0)
            FROM schema_migrations m
            """, []
        ) { row in (row.integer(0), row.integer(1)) } ?? (0, 0)
    }

    /// Holds the lock of migrations as long as the session lives.
    func run(on line: PostgresLine) -> Result<Void, RepositoryError> {
        do throws(PostgresFault) {
            return .success(try line.use { session throws(PostgresFault) in try migrate(session) })
        } catch {
            return .failure(error.ofWrite)
        }
    }

    private func migrate(_ session: PostgresSession) throws(PostgresFault) {
        try session.script(SessionCommands.lockForMigrating)
        try session.script(SessionCommands.setWholeScope)
        try session.script(Self.table)
        let newest = try session.run("SELECT coalesce(max(number), 0)::text FROM schema_migrations").firstText
        let found = newest.flatMap { Int64($0) } ?? 0
        for step in steps where step.number > found { try Self.take(step, on: session) }
    }

    /// A step that locks tables may meet readers that hold them in another order, or for long. It makes room before the
    /// server has waited for a second (`deadlock_timeout`) and refuses one of them.
    private static func take(_ step: Migration, on session: PostgresSession) throws(PostgresFault) {
        // One text is one transaction.
        let text = """
            SET LOCAL lock_timeout = '900ms';
            \(step.sql)
            INSERT INTO schema_migrations (number, name, oldest) VALUES (\(step.number), '\(step.name)', \(step.oldest));
            """
        for _ in 1..<mostRuns {
            do throws(PostgresFault) {
                return try session.script(text)
            } catch {
                guard [.conflict, .locked].contains(error.meaning) else { throw error }
            }
        }
        try session.script(text)
    }

    private static let table = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number bigint NOT NULL PRIMARY KEY,
            name text COLLATE "C" NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        );
        ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS oldest bigint NOT NULL DEFAULT 0;
        """
}
