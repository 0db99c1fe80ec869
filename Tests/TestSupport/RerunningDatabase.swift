import Notifications
import Repository

/// Runs each body twice, as an engine may, and discards what the first run wrote and returned. A body with other side
/// effects causes them twice, and a test that looks at them fails.
package final class RerunningDatabase: SQLDatabase {
    private let database: any SQLDatabase

    package init(_ database: any SQLDatabase) {
        self.database = database
    }

    package func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.read(read, in: scope) { connection throws(RepositoryError) in
            _ = try body(connection)
            return try body(connection)
        }
    }

    package func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        do throws(RepositoryError) {
            try await database.write(in: scope) { connection throws(RepositoryError) in
                _ = try body(connection)
                throw Self.thrownAway
            }
        } catch {
            // Any other error occurs in the second run too.
        }
        return try await database.write(in: scope, body)
    }

    package func migrate() async throws(RepositoryError) { try await database.migrate() }

    private static let thrownAway = RepositoryError.conflict("the first run of a body is thrown away")
}
