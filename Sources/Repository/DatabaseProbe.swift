import Notifications

/// Checks whether the database answers.
package struct DatabaseProbe: Sendable {
    let database: any SQLDatabase

    /// Throws if the database does not answer.
    package func check() async throws(RepositoryError) {
        _ = try await database.read(.short, in: .noOrganization) { connection throws(RepositoryError) in
            try connection.rows("SELECT 1", []) { row in row.integer(0) }
        }
    }
}
