import Notifications
import Repository
import Synchronization

/// What happens to a database that several nodes share, as a test says.
final class Troubles: Sendable {
    /// The next write that records an attempt is committed, and fails.
    let losesNextAnswer = Atomic(false)
    /// Attempts cannot be written down.
    let refusesResults = Atomic(false)
    /// Nobody can look over all organizations.
    let hidesWhatIsDue = Atomic(false)
    /// How often a node asked for the time, which it does at each sweep.
    let sweeps = Atomic(0)
    fileprivate let lostAnswers = Atomic(0)
}

/// The test's database as one that other nodes use too, and the link to them.
final class TroubledDatabase: SQLDatabase, NodeLink {
    private let database: any SQLDatabase
    private let troubles: Troubles
    private let clock: ServiceClock

    init(_ database: any SQLDatabase, _ troubles: Troubles, _ clock: ServiceClock) {
        (self.database, self.troubles, self.clock) = (database, troubles, clock)
    }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        if scope == .wholeService, troubles.hidesWhatIsDue.load(ordering: .relaxed) { throw .tooSlow }
        return try await database.read(read, in: scope, body)
    }

    func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let (value, attempts) = try await database.write(in: scope) { [troubles] connection throws(RepositoryError) in
            let value = try body(connection)
            let attempts = try connection.row("SELECT count(*) FROM attempts", []) { $0.integer(0) } ?? 0
            if attempts > 0, troubles.refusesResults.load(ordering: .relaxed) { throw .unavailable("no result") }
            return (value, attempts)
        }
        guard attempts > 0, troubles.losesNextAnswer.exchange(false, ordering: .relaxed) else { return value }
        troubles.lostAnswers.add(1, ordering: .relaxed)
        throw .unavailable("the answer to the commit was lost")
    }

    func migrate() async throws(RepositoryError) { try await database.migrate() }

    var isShared: Bool { true }

    var isInCharge: Bool { true }
    var uncertainCommits: Int { troubles.lostAnswers.load(ordering: .relaxed) }

    func time() async throws(RepositoryError) -> Timestamp {
        troubles.sweeps.add(1, ordering: .relaxed)
        return clock.now
    }

    func tell(_ news: NodeNews) {}
    func listen(_ hear: @escaping @Sendable (NodeNews) -> Void) {}
}
