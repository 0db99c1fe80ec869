import Dispatch
import Repository
import Synchronization

/// A session and the thread that uses it. The session is opened when it is needed, and again after it was lost or is full.
final class PostgresLine: Sendable {
    private let source: SessionSource
    private let thread: DispatchQueue
    private let session = Mutex<PostgresSession?>(nil)

    init(_ source: SessionSource, name: String, priority: DispatchQoS) {
        self.source = source
        thread = DispatchQueue(label: name, qos: priority)
    }

    /// Runs the work on the thread.
    func async(_ work: @escaping @Sendable () -> Void) { thread.async(execute: work) }

    /// Runs the work on the thread and waits for it.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable (PostgresLine) -> Result<Value, RepositoryError>
    ) async -> Result<Value, RepositoryError> {
        await withCheckedContinuation { continuation in
            async { continuation.resume(returning: work(self)) }
        }
    }

    /// Gives the work a session. Only on the thread.
    func use<Value: Sendable>(
        _ work: @Sendable (PostgresSession) throws(PostgresFault) -> Value
    ) throws(PostgresFault) -> Value {
        let result: Result<Value, PostgresFault> = session.withLock { kept in
            do throws(PostgresFault) {
                let open = if let kept { kept } else { try source.connect() }
                kept = open
                defer { if open.isBroken || open.isFull { kept = nil } }
                return .success(try work(open))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Closes the session. The next use opens another one.
    func close() { session.withLock { $0 = nil } }
}
