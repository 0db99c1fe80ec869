import Dispatch
import Synchronization

/// Keeps everybody else from writing to a database while something else is done: a body that takes the turn to write and
/// keeps it. Others may read.
final class WriteHold: Sendable {
    private enum Step {
        case waiting(CheckedContinuation<Void, Never>?)
        case held
        case over
    }

    private let step = Mutex(Step.waiting(nil))
    private let end = DispatchSemaphore(value: 0)
    private let ending = Mutex<(@Sendable (any SQLConnection) throws(RepositoryError) -> Void)?>(nil)

    /// Runs `work` while nobody else can write, and then `ending` in the transaction that kept them from it. When this
    /// throws, `ending` has had no effect.
    static func during<Value: Sendable>(
        on database: any SQLDatabase,
        work: @Sendable () async throws(RepositoryError) -> Value,
        ending: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Void
    ) async throws(RepositoryError) -> Value {
        let hold = WriteHold()
        let writing = Task { () -> Result<Void, RepositoryError> in
            let result: Result<Void, RepositoryError>
            do throws(RepositoryError) {
                result = .success(
                    try await database.write(in: .noOrganization) { connection throws(RepositoryError) in
                        try hold.keep(connection)
                    })
            } catch {
                result = .failure(error)
            }
            hold.arrive(at: .over)
            return result
        }
        guard await hold.begun() else {
            try await writing.value.get()
            throw .abandoned
        }
        let value: Value
        do throws(RepositoryError) {
            value = try await work()
        } catch {
            hold.finish(nil)
            _ = await writing.value
            throw error
        }
        hold.finish(ending)
        try await writing.value.get()
        return value
    }

    /// Blocks the writer's thread, which is the driver's own.
    private func keep(_ connection: any SQLConnection) throws(RepositoryError) {
        // An engine gives out the turn with the first statement.
        _ = try StoreState.read(on: connection)
        let isFirst = step.withLock { step in if case .waiting = step { true } else { false } }
        // The driver runs a body again when its transaction was lost, and others may have written since.
        guard isFirst else { throw .unavailable("others could write while the store was being copied; start again") }
        arrive(at: .held)
        end.wait()
        guard let ending = ending.withLock({ $0 }) else { throw .abandoned }
        try ending(connection)
    }

    /// Returns when the turn to write is held; false if it cannot be had.
    private func begun() async -> Bool {
        await withCheckedContinuation { continuation in
            let hasBegun = step.withLock { step in
                guard case .waiting = step else { return true }
                step = .waiting(continuation)
                return false
            }
            if hasBegun { continuation.resume() }
        }
        return step.withLock { step in if case .held = step { true } else { false } }
    }

    private func arrive(at next: Step) {
        let waiting: CheckedContinuation<Void, Never>? = step.withLock { step in
            defer { step = next }
            guard case .waiting(let continuation) = step else { return nil }
            return continuation
        }
        waiting?.resume()
    }

    private func finish(_ ending: (@Sendable (any SQLConnection) throws(RepositoryError) -> Void)?) {
        self.ending.withLock { $0 = ending }
        end.signal()
    }
}
