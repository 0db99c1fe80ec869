import Notifications
import Repository
import TestSupport
import Synchronization

/// A database that writes something else right before the next write, so that what was just read is out of date, or right
/// before some read.
final class MeddledDatabase: SQLDatabase {
    typealias Meddling = @Sendable () async throws(RepositoryError) -> Void

    private let database: any SQLDatabase
    private let meddling: Mutex<Meddling?>
    private let meddlingWithRead = Mutex<(meddling: Meddling?, reads: Int)>((nil, 0))
    private let begun = Mutex(0)

    init(_ database: any SQLDatabase, _ meddling: Meddling? = nil) {
        self.database = database
        self.meddling = Mutex(meddling)
    }

    /// What is to be written right before the next read, if `number` is 1, or a later one.
    func meddle(beforeRead number: Int, _ meddling: @escaping Meddling) {
        meddlingWithRead.withLock { $0 = (meddling, number) }
    }

    /// How many writes have begun.
    var writes: Int { begun.withLock { $0 } }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let once = meddlingWithRead.withLock { next in
            next.reads -= 1
            return next.reads == 0 ? next.meddling : nil
        }
        try await once?()
        return try await database.read(read, in: scope, body)
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
