import Notifications

/// Checks whether the database answers, and whether it is still the one to use.
package struct DatabaseProbe: Sendable {
    let database: any SQLDatabase

    /// Throws if the database does not answer.
    package func state() async throws(RepositoryError) -> StoreState { try await StoreState.read(database) }
}
