import Foundation
import Repository
import SQLiteDatabase
import Synchronization
import TestSupport
import Testing

/// Bodies that share a commit, some of which fail.
@Suite struct GroupCommitTests {
    /// Numbered from 1. How often each one ran, and what of the table was left.
    private func run(
        _ bodies: Int, failing: @escaping @Sendable (Int, any SQLConnection) throws(RepositoryError) -> Void
    )
        async throws -> (runs: [Int: Int], stored: [Int64])
    {
        let database = try SQLiteDatabase(path: nil)
        try await database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        let runs = Runs()
        await withTaskGroup { group in
            group.addTask {
                // The others come while this one keeps the writer.
                _ = try? await database.write { _ throws(RepositoryError) in Thread.sleep(forTimeInterval: 0.3) }
            }
            try? await Task.sleep(for: .milliseconds(100))
            for number in 1...bodies {
                group.addTask {
                    _ = try? await database.write { connection throws(RepositoryError) in
                        runs.add(number)
                        try failing(number, connection)
                        try connection.execute("INSERT INTO t (a) VALUES ($1)", [.integer(Int64(number))])
                    }
                }
            }
        }
        let stored = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t ORDER BY a", []) { row in row.integer(0) }
        }
        return (runs.all, stored)
    }

    @Test func whoeverFailsBeforeItChangesAnythingMakesNobodyRunAgain() async throws {
        let (runs, stored) = try await run(9) { number, connection throws(RepositoryError) in
            _ = try connection.row("SELECT count(*) FROM t", []) { row in row.integer(0) }
            if number.isMultiple(of: 3) { throw .conflict("on purpose") }
        }
        #expect(stored == [1, 2, 4, 5, 7, 8])
        #expect(runs.count == 9 && runs.values.allSatisfy { $0 == 1 })
    }

    @Test func whoeverFailsAfterwardsMakesAllRunOnceMore() async throws {
        let (runs, stored) = try await run(9) { number, connection throws(RepositoryError) in
            guard number.isMultiple(of: 3) else { return }
            try connection.execute("INSERT INTO t (a) VALUES ($1)", [.integer(Int64(100 + number))])
            throw .conflict("on purpose")
        }
        #expect(stored == [1, 2, 4, 5, 7, 8])
        #expect(runs.count == 9 && runs.values.allSatisfy { $0 <= 2 })
    }

    /// The constraint's own error is a statement that was to change something, too.
    @Test func aRefusedRowConcernsItsBodyAlone() async throws {
        let (_, stored) = try await run(9) { number, connection throws(RepositoryError) in
            guard number == 5 else { return }
            try connection.execute("INSERT INTO t (a) VALUES ($1)", [.integer(50)])
            try connection.execute("INSERT INTO t (a) VALUES ($1)", [.integer(50)])
        }
        #expect(stored == [1, 2, 3, 4, 6, 7, 8, 9])
    }
}

/// How often each body ran.
private final class Runs: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    var all: [Int: Int] { counts.withLock { $0 } }

    func add(_ number: Int) {
        counts.withLock { $0[number, default: 0] += 1 }
    }
}
