import Repository
import Synchronization
import TestSupport
import Testing

@testable import PostgresDatabase

/// The connection ends between a COMMIT and its answer: what was to be written is neither lost nor written twice.
@Suite(.postgres) struct LostCommitTests {
    /// A database, reached through what can cut its connections.
    private func database(node: String? = nil) async throws -> (database: PostgresDatabase, cutter: CommitCutter) {
        let databases = try PostgresDatabases.shared.get()
        let cutter = try CommitCutter(server: databases.server.socket)
        let database = PostgresDatabase(try databases.makeEmpty(through: cutter.folder), node: node)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("CREATE TABLE t (a bigint)", [])
        }
        return (database, cutter)
    }

    private func numbers(_ database: PostgresDatabase) async throws -> [Int64] {
        try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t ORDER BY a", []) { row in row.integer(0) }
        }
    }

    @Test(arguments: CommitCutter.Cut.allCases)
    func aBodyIsNeitherLostNorRunTwice(cut: CommitCutter.Cut) async throws {
        for node in [nil, "a node"] {
            let (database, cutter) = try await database(node: node)
            let runs = Mutex(0)
            cutter.cutNext(cut)
            try await database.write { connection throws(RepositoryError) in
                runs.withLock { $0 += 1 }
                try connection.execute("INSERT INTO t (a) VALUES (1)", [])
            }
            #expect(cutter.done == 1)
            #expect(runs.withLock { $0 } == (cut == .beforeIt ? 2 : 1))
            #expect(try await numbers(database) == [1])
        }
    }

    /// They share commits.
    @Test func ofManyBodiesNoneIsLostOrRunTwice() async throws {
        let (database, cutter) = try await database(node: "a node")
        for round in 0..<9 {
            cutter.cutNext(CommitCutter.Cut.allCases[round % 3])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        _ = try await database.write { connection throws(RepositoryError) in
                            try connection.execute("INSERT INTO t (a) VALUES ($1)", [SQLValue(round * 30 + number)])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(cutter.done == 9)
        #expect(try await numbers(database) == Array(0..<270))
    }

    /// A server that has lost the transaction in a crash, or was a standby that never got it, may have given its number to
    /// another one, which it would report as committed.
    @Test(arguments: [
        ("1.5 00000001 -", CommittingTransaction.Knowledge.isThere), ("1.5 00000001 40", .isMissing),
        ("2.5 00000001 -", .isThere), ("2.5 00000001 99", .isMissing), ("2.5 00000001 100", .isThere),
        ("2.5 00000002 99", .isMissing), ("2.5 00000002 101", .isThere), ("2.5 00000002 -", .isUncertain),
    ])
    func whoNeverHadATransactionIsNotAskedAboutIt(server: String, knowledge: CommittingTransaction.Knowledge) throws {
        let transaction = try #require(CommittingTransaction("731 100 1.5 00000001 -"))
        #expect(transaction.knowledge(of: try #require(ServerState(server))) == knowledge)
        // Of one that had recovered long before.
        let later = try #require(CommittingTransaction("731 100 1.5 00000001 40"))
        #expect(later.knowledge(of: try #require(ServerState("1.5 00000001 40"))) == .isThere)
    }
}
