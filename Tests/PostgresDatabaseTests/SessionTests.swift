import Dispatch
import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

@testable import PostgresDatabase

/// What happens when sessions end, stand still or are refused.
@Suite(.postgres) struct SessionTests {
    private func database(
        limits: ReadLimits = ReadLimits(), times: PostgresTimes = PostgresTimes()
    ) async throws -> (PostgresDatabase, PostgresAddress) {
        let address = try PostgresDatabases.shared.get().makeEmpty()
        let database = PostgresDatabase(address, limits: limits, times: times)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("CREATE TABLE t (a bigint PRIMARY KEY, b text)", [])
        }
        return (database, address)
    }

    private func numbers(_ database: PostgresDatabase) async throws -> [Int64] {
        try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t ORDER BY a", []) { row in row.integer(0) }
        }
    }

    /// Ends all other sessions of the database.
    private func endSessions(_ address: PostgresAddress) throws {
        let session = try PostgresSession(address, settings: "")
        _ = try session.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
            """)
    }

    @Test func aLostSessionIsReplaced() async throws {
        let (database, address) = try await database()
        #expect(try await numbers(database) == [])
        try endSessions(address)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("INSERT INTO t (a) VALUES (1)", [])
        }
        #expect(try await numbers(database) == [1])
    }

    /// A list's filter becomes a statement of its own, which the session and the server keep.
    @Test func aSessionThatKnowsTooManyStatementsIsReplaced() async throws {
        let (database, _) = try await database()
        let known = { @Sendable (connection: any SQLConnection) throws(RepositoryError) -> Int64? in
            try connection.row("SELECT count(*) FROM pg_prepared_statements", []) { row in row.integer(0) }
        }
        let most = Int64(PostgresSession.mostStatements)
        let before = try await database.read(.own) { connection throws(RepositoryError) in
            for number in 0..<most { _ = try connection.rows("SELECT \(number)", []) { row in row.integer(0) } }
            return try known(connection)
        }
        #expect(try #require(before) > most)
        #expect(try #require(try await database.read(.own, known)) < 20)
    }

    /// Then there is no savepoint that a body could go back to.
    @Test func aTurnThatIsNotGivenIsNamed() async throws {
        var times = PostgresTimes()
        times.statement = .milliseconds(100)
        let (database, address) = try await database(times: times)
        let other = try PostgresSession(address, settings: "")
        _ = try other.run("SELECT pg_advisory_lock(1381322306, 1)::text")
        let late = RepositoryError.unavailable("PostgreSQL: canceling statement due to statement timeout (57014)")
        await #expect(throws: late) {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO t (a) VALUES (1)", [])
            }
        }
    }

    /// Nothing of the first run is left.
    @Test func aBodyWhoseSessionIsLostRunsAgain() async throws {
        let (database, address) = try await database()
        let runs = Mutex(0)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("INSERT INTO t (a) VALUES (1)", [])
            let isFirst = runs.withLock { runs in
                runs += 1
                return runs == 1
            }
            if isFirst { try? endSessions(address) }
            try connection.execute("INSERT INTO t (a) VALUES (2)", [])
        }
        #expect(runs.withLock { $0 } == 2)
        #expect(try await numbers(database) == [1, 2])
    }

    /// What needs no answer of its own goes with the next statement, and bodies share a commit.
    @Test func fewRoundTripsAreMade() async throws {
        let (_, address) = try await database()
        let trips = Mutex((reads: 0, writes: 0))
        let counted = RoundTrips(
            ofRead: { trips.withLock { $0.reads += 1 } }, ofWrite: { trips.withLock { $0.writes += 1 } })
        let database = PostgresDatabase(address, roundTrips: counted)
        for number in 1...2 {
            trips.withLock { $0 = (0, 0) }
            try await database.write { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO t (a) VALUES ($1)", [SQLValue(number)])
            }
            _ = try await numbers(database)
        }
        #expect(trips.withLock { $0.writes } == 2, "the statement with the transaction's number, the commit")
        #expect(trips.withLock { $0.reads } == 2, "the statement, the end")
    }

    /// Behind a pooler of transactions, another session's statements are there, and one's own are not.
    @Test func aPoolerOfTransactionsIsNamed() async throws {
        let (_, address) = try await database()
        let session = try PostgresSession(address, settings: "")
        _ = try session.run("SELECT 1::text")
        try session.script("DEALLOCATE ALL")
        let fault = #expect(throws: PostgresFault.self) { try session.run("SELECT 1::text") }
        #expect(fault?.message.contains("must pool sessions") == true)
    }

    @Test func theServerSaysWhatBecameOfACommit() async throws {
        let (_, address) = try await database()
        let line = PostgresLine(SessionSource(address, settings: ""), name: "test", priority: .default)
        for (number, end, isCommitted) in [(1, "COMMIT", true), (2, "ROLLBACK", false)] {
            let transaction = try line.use { session throws(PostgresFault) in
                _ = try session.run("BEGIN")
                _ = try session.run("INSERT INTO t (a) VALUES ($1)", [SQLValue(number)])
                let transaction = try session.run(SessionCommands.transaction).firstText.flatMap(
                    CommittingTransaction.init)
                _ = try session.run(end)
                return transaction
            }
            let inquiry = CommitInquiry(transaction: try #require(transaction), line: line)
            #expect(try inquiry.isCommitted() == isCommitted)
        }
    }

    @Test func anUnreachableServerIsAnErrorAtOnce() async throws {
        let address = try #require(PostgresAddress("postgres://nobody:secret-canary@127.0.0.1:1/none"))
        let database = PostgresDatabase(address)
        for _ in 0..<50 {
            do {
                _ = try await database.schemaVersion()
                Issue.record("nobody is there")
            } catch {
                guard case .unavailable = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(!"\(error)".contains("secret-canary"))
            }
        }
    }

    /// A node that stands still in the middle of a transaction loses its turn, and runs its body again when it goes on.
    @Test func aNodeThatStandsStillKeepsNobodyWaiting() async throws {
        var times = PostgresTimes()
        times.idle = .milliseconds(200)
        let (slow, address) = try await database(times: times)
        let other = PostgresDatabase(address)
        let runs = Mutex(0)
        let hasOtherWritten = Mutex(false)
        let end = ContinuousClock.now + .seconds(60)
        async let stood: Void = slow.write { connection throws(RepositoryError) in
            try connection.execute("INSERT INTO t (a) VALUES (1)", [])
            let isFirst = runs.withLock { runs in
                runs += 1
                return runs == 1
            }
            while isFirst, !hasOtherWritten.withLock({ $0 }), ContinuousClock.now < end {
                try? wait(.milliseconds(10))
            }
            try connection.execute("INSERT INTO t (a) VALUES (2)", [])
        }
        try await Task.sleep(for: .milliseconds(50))
        // It would fail after five seconds, if the turn were not taken from the other one.
        try await other.write { connection throws(RepositoryError) in
            try connection.execute("INSERT INTO t (a) VALUES (3)", [])
        }
        hasOtherWritten.withLock { $0 = true }
        try await stood
        #expect(try await numbers(other) == [1, 2, 3])
    }

    @Test func aReadThatTakesTooLongEnds() async throws {
        var limits = ReadLimits()
        limits.time = .milliseconds(200)
        let (database, _) = try await database(limits: limits)
        await #expect(throws: RepositoryError.tooSlow) {
            try await database.read(.long(of: nil)) { connection throws(RepositoryError) in
                try connection.rows("SELECT pg_sleep(20)", []) { _ in 0 }
            }
        }
        #expect(try await numbers(database) == [])
    }

    /// As when the server stands still while a key is looked up: it is not the caller who has to ask for less.
    @Test func aShortReadThatTakesTooLongIsAFailureOfTheDatabase() async throws {
        var limits = ReadLimits()
        limits.time = .milliseconds(200)
        let (database, _) = try await database(limits: limits)
        let error = await #expect(throws: RepositoryError.self) {
            try await database.read(.short) { connection throws(RepositoryError) in
                try connection.rows("SELECT pg_sleep(20)", []) { _ in 0 }
            }
        }
        #expect(error == .unavailable("a few rows could not be read in time"))
    }

    @Test func aReadWhoseCallerHasGoneEnds() async throws {
        var limits = ReadLimits()
        limits.time = .seconds(60)
        let (database, _) = try await database(limits: limits)
        let read = Task {
            try await database.read(.long(of: nil)) { connection throws(RepositoryError) in
                try connection.rows("SELECT pg_sleep(50)", []) { _ in 0 }
            }
        }
        try await Task.sleep(for: .milliseconds(200))
        let begin = ContinuousClock.now
        read.cancel()
        await #expect(throws: RepositoryError.abandoned) { try await read.value }
        #expect(ContinuousClock.now - begin < .seconds(5))
        #expect(try await numbers(database) == [])
    }

    private func wait(_ time: Duration) throws {
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end {}
    }
}
