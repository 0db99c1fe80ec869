import Notifications
import PostgresDatabase
import Repository
import TestSupport

/// One of several processes over the same database.
struct Node: Sendable {
    let database: PostgresDatabase
    let stores: Stores

    /// Nodes over a new database with the newest schema.
    static func several(_ count: Int, clock: TestClock = TestClock()) async throws -> [Node] {
        let address = try await PostgresDatabases.shared.get().makeMigrated()
        let masterKey = MasterKey()
        return (0..<count).map { _ in
            let database = PostgresDatabase(address)
            return Node(
                database: database,
                stores: Stores(database: database, kinds: .standard(), masterKey: masterKey, now: { clock.now }))
        }
    }
}

extension [Node] {
    /// Runs the work `count` times at once, on one node after the other, and returns what each run returned.
    func atOnce<Value: Sendable>(
        _ count: Int, _ work: @escaping @Sendable (Int, Stores) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for number in 0..<count {
                let stores = self[number % self.count].stores
                group.addTask { try await work(number, stores) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
