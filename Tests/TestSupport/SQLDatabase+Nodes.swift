import Notifications
import Repository

extension SQLDatabase {
    /// Nodes that gave a sign of life then, so that deliveries can be claimed in their names.
    package func addNodes(_ ids: String..., at time: Timestamp) async throws(RepositoryError) {
        try await write { connection throws(RepositoryError) in
            try connection.executeMany(
                """
                INSERT INTO nodes (node_id, host, version, started_at, seen_at, steady_since)
                VALUES ($1, '', '', $2, $2, $2)
                """, ids.map { [SQLValue($0), SQLValue(time)] })
        }
    }
}
