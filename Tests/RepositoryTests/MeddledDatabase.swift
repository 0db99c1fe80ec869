import Notifications
import Repository
import TestSupport
import Synchronization

/// A database that writes something else right before the next write, so that what was just read is out of date.
final class MeddledDatabase: SQLDatabase {
    typealias Meddling = @Sendable () async throws(RepositoryError) -> Void

    private let database: any SQLDatabase
    private let meddling: Mutex<Meddling?>
    private let begun = Mutex(0)

    init(_ database: any SQLDatabase, _ meddling: @escaping Meddling) {
        self.database = database
        self.meddling = Mutex(meddling)
    }

    /// How many writes have begun.
    var writes: Int { begun.withLock { $0 } }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.read(read, in: scope, body)
    }

    func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        begun.withLock { $0 += 1 }
        let once = meddling.withLock { meddling in
            defer { meddling = nil }
            return meddling
        }
        try await once?()
        return try await database.write(in: scope, body)
    }

    func migrate() async throws(RepositoryError) { try await database.migrate() }
}

extension TestWorld {
    /// The same stores, with an interfering write before their next write.
    func meddled(_ meddling: @escaping MeddledDatabase.Meddling) -> Stores {
        Stores(
            database: MeddledDatabase(database, meddling), kinds: .standard(), masterKey: masterKey,
            now: { [clock] in clock.now })
    }
}
