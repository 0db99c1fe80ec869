import Dispatch
import Migrations
import Notifications
import Repository

/// A database on a PostgreSQL server, through libpq: one connection for writing and several for reading, each with a thread
/// of its own.
package final class PostgresDatabase: SQLDatabase {
    private let address: PostgresAddress
    private let readers: PostgresReaders
    private let writer: PostgresWriter
    private let steps: [Migration]

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - node: the name of this process, which no other may have: every write fails while another one has it. Nil if it
    ///     claims nothing.
    ///   - roundTrips: is told of each wait for the server.
    ///   - steps: the schema that the program knows.
    package init(
        _ address: PostgresAddress, node: String? = nil, limits: ReadLimits = ReadLimits(),
        times: PostgresTimes = PostgresTimes(), roundTrips: RoundTrips = RoundTrips(),
        steps: [Migration] = Migration.postgresql
    ) {
        (self.address, self.steps) = (address, steps)
        readers = PostgresReaders(
            SessionSource(
                address,
                settings: SessionCommands.settings(statement: limits.time, lock: times.lock, idle: times.idle),
                onRoundTrip: roundTrips.ofRead),
            limits: limits)
        writer = PostgresWriter(
            SessionSource(
                address,
                settings: SessionCommands.settings(statement: times.statement, lock: times.lock, idle: times.idle),
                claim: node.map(SessionCommands.claim), isForWriting: true, onRoundTrip: roundTrips.ofWrite))
    }

    /// Runs the body on a reader, within the limits of its kind of read. Throws `busy` when too many wait, `tooSlow`
    /// when it takes too long, and `abandoned` when the caller is cancelled.
    package func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await readers.read(read, in: scope, body)
    }

    /// Runs the body in a savepoint of a shared commit (`PostgresWriter`).
    @discardableResult
    package func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await writer.submit(in: scope, body)
    }

    package var isShared: Bool { true }

    /// How often a write failed although its commit may have succeeded.
    var uncertainCommits: Int { writer.uncertainCommits }

    /// Several nodes may call this at once: one migrates, and the others wait for it.
    package func migrate() async throws(RepositoryError) {
        let version = try await schemaVersion()
        guard version.found < version.wanted else { return }
        let migration = PostgresMigration(address: address, steps: steps)
        let source = SessionSource(address, settings: "", isForWriting: true)
        let line = PostgresLine(source, name: "runbell.migration", priority: .userInitiated)
        let result = await line.run { line in migration.run(on: line) }
        line.close()
        try result.get()
    }

    /// Closes the connections. Nothing may be running.
    package func close() {
        writer.close()
        readers.close()
    }

    /// The schema version of the database, 0 for an empty one, and the version that this program needs. A newer one
    /// works too, unless what this program needs has gone: then this throws `unavailable`.
    package func schemaVersion() async throws(RepositoryError) -> (found: Int64, wanted: Int64) {
        let found = try await read(.short, in: .noOrganization) { connection throws(RepositoryError) in
            try PostgresMigration.version(on: connection)
        }
        let known = steps.map(\.number).max() ?? 0
        guard found.oldest <= known else {
            throw .unavailable(
                "it has schema \(found.newest), which programs that know schema \(found.oldest) can use; this one knows "
                    + "schema \(known), so it has to be updated. Nothing was changed")
        }
        return (found.newest, known)
    }
}

/// What is called whenever somebody waits for the server.
package struct RoundTrips: Sendable {
    let ofRead: @Sendable () -> Void
    let ofWrite: @Sendable () -> Void

    package init(ofRead: @escaping @Sendable () -> Void = {}, ofWrite: @escaping @Sendable () -> Void = {}) {
        (self.ofRead, self.ofWrite) = (ofRead, ofWrite)
    }
}

extension PostgresDatabase {
    /// Whether row-level security holds for the role that the service connects as, in every table with an organization
    /// (decision 31). It does not for a superuser.
    package func isWalled() async throws(RepositoryError) -> Bool {
        let answer = try await read(.short, in: .noOrganization) { connection throws(RepositoryError) in
            try connection.row(
                """
                SELECT bool_and(row_security_active(t.oid)) FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
                WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
                    AND a.attname = 'organization_id'
                """, []
            ) { row in row.integer(0) }
        }
        return answer == 1
    }
}

/// How long a session may keep others waiting.
package struct PostgresTimes: Sendable {
    /// One statement of a write.
    package var statement = Duration.seconds(10)
    /// Waiting for a lock, the turn to write among them.
    package var lock = Duration.seconds(5)
    /// Between two statements of a transaction. A node that stands still loses its turn after that.
    package var idle = Duration.seconds(5)

    /// What the service runs with.
    package init() {}
}
