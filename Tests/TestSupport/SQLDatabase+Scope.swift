import Repository

/// Tests look at everything behind the repository's back, unless they are about scopes.
extension SQLDatabase {
    package func read<Value: Sendable>(
        _ read: DatabaseRead = .own, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await self.read(read, in: .wholeService, body)
    }

    @discardableResult
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await write(in: .wholeService, body)
    }
}
