import Synchronization

/// A body waiting for its commit.
package protocol PendingWrite: Sendable {
    /// Whose rows it may see.
    var scope: DataScope { get }
    /// Runs the body and keeps its result; false if it threw.
    func run(on connection: any SQLConnection) -> Bool
    /// Answers the caller with the result, or with the failure of the whole group.
    func finish(failure: RepositoryError?)
}

/// A body with its result, until the caller is answered.
package final class Write<Value: Sendable>: PendingWrite {
    /// Whose rows the body may see.
    package let scope: DataScope
    private let body: @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    private let continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>
    private let result = Mutex<Result<Value, RepositoryError>?>(nil)

    /// Runs nothing yet.
    package init(
        in scope: DataScope, body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value,
        continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>
    ) {
        self.scope = scope
        self.body = body
        self.continuation = continuation
    }

    /// Keeps the result for `finish`.
    package func run(on connection: any SQLConnection) -> Bool {
        let outcome: Result<Value, RepositoryError>
        do throws(RepositoryError) {
            outcome = .success(try body(connection))
        } catch {
            outcome = .failure(error)
        }
        result.withLock { $0 = outcome }
        if case .success = outcome { return true }
        return false
    }

    /// To be called once.
    package func finish(failure: RepositoryError?) {
        let outcome = result.withLock { $0 }
        if let failure {
            continuation.resume(returning: .failure(failure))
        } else {
            continuation.resume(returning: outcome ?? .failure(.unavailable("the write did not run")))
        }
    }
}
