import Dispatch
import Repository
import Synchronization

/// The sessions for reading. Who may read when is decided by the gate before them.
final class PostgresReaders: Sendable {
    /// A read whose session was lost, or that a late cancellation of another read hit, runs again.
    private static let mostRuns = 3

    private let source: SessionSource
    private let limits: ReadLimits
    private let gate: ReadGate
    /// Those not in use; the last one was used last and knows the most statements.
    private let idle = Mutex<[PostgresLine]>([])

    init(_ source: SessionSource, limits: ReadLimits) {
        self.source = source
        self.limits = limits
        gate = ReadGate(limits)
    }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let ticket = try await gate.enter(read)
        defer { _ = gate.leave(ticket) }
        let line = idle.withLock { $0.popLast() } ?? PostgresLine(source, name: "runbell.reader", priority: .utility)
        defer { idle.withLock { $0.append(line) } }
        let limit = limits.time(of: read)
        let watch = ReadWatch(limit)
        let opening = SessionCommands.openingRead(in: scope, limit: read == .own ? limit : nil)
        let result = await withTaskCancellationHandler {
            await line.run { line in Self.run(body, on: line, under: watch, opening) }
        } onCancel: {
            watch.abandon()
        }
        return try result.mapError { read.failure(watch.reason(of: $0)) }.get()
    }

    /// Closes what is idle.
    func close() {
        for line in idle.withLock({ $0 }) { line.close() }
    }

    private static func run<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value, on line: PostgresLine,
        under watch: ReadWatch, _ opening: [SessionCommand]
    ) -> Result<Value, RepositoryError> {
        var last = PostgresFault(meaning: .stopped, message: "the read did not run")
        for _ in 0..<mostRuns {
            do throws(PostgresFault) {
                return try line.use { session throws(PostgresFault) in
                    try runOnce(body, on: session, under: watch, opening)
                }
            } catch {
                last = error
                guard error.endsTransaction || error.meaning == .stopped, !watch.isOver else { break }
            }
        }
        return .failure(RepositoryError(last))
    }

    /// Throws if the read has to run again, or cannot.
    private static func runOnce<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value, on session: PostgresSession,
        under watch: ReadWatch, _ opening: [SessionCommand]
    ) throws(PostgresFault) -> Result<Value, RepositoryError> {
        try session.prepare(opening.map(\.sql) + [SessionCommands.forgetPlans, SessionCommands.rollback])
        watch.run(under: session.canceller)
        defer { watch.run(under: nil) }
        for command in opening { session.queue(command) }
        session.forgetOldPlans()
        let result: Result<Value, RepositoryError>
        do throws(RepositoryError) {
            result = .success(try body(PostgresConnection(session: session, watch: watch)))
        } catch {
            result = .failure(error)
        }
        let fault = session.takeFault()
        session.forget()
        // What a read did is nothing, so it ends in either way.
        if session.isInTransaction, fault?.endsSession != true { _ = try session.run(SessionCommands.rollback) }
        if let fault, fault.endsTransaction || fault.meaning == .stopped { throw fault }
        if fault != nil, case .success = result { throw .swallowed }
        return result
    }
}
