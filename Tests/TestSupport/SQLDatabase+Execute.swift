import Repository

extension SQLDatabase {
    /// Executes statements behind the repository's back, in one transaction.
    package func execute(_ statements: String...) async throws(RepositoryError) {
        try await write { connection throws(RepositoryError) in
            for statement in statements { try connection.execute(statement, []) }
        }
    }
}
