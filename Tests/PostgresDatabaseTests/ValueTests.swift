import Notifications
import Repository
import TestSupport
import Testing

@testable import PostgresDatabase

@Suite(.postgres) struct ValueTests {
    private func database() async throws -> PostgresDatabase {
        let database = PostgresDatabase(try PostgresDatabases.shared.get().makeEmpty())
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("CREATE TABLE t (a bigint, b text COLLATE \"C\", c uuid)", [])
        }
        return database
    }

    @Test func aTextWithNULIsRefusedAndNothingElse() async throws {
        let database = try await database()
        async let other: Int = database.write { connection throws(RepositoryError) in
            try connection.execute("INSERT INTO t (b) VALUES ($1)", [.text("fine")])
        }
        await #expect(throws: RepositoryError.invalid(InvalidInput("text", "The NUL character is not allowed."))) {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO t (b) VALUES ($1)", [.text("a\0b")])
            }
        }
        #expect(try await other == 1)
    }

    @Test func textsAreComparedByBytes() async throws {
        let database = try await database()
        let texts = ["é", "e\u{301}", "Z", "a", "\u{FF5E}", "😀", "a ", "", "A"]
        try await database.write { connection throws(RepositoryError) in
            try connection.executeMany("INSERT INTO t (b) VALUES ($1)", texts.map { [.text($0)] })
        }
        let sorted = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT b FROM t ORDER BY b", []) { row in Array(row.text(0).utf8) }
        }
        #expect(sorted == texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test(arguments: [0, 1, -1, 9_999, 10_000, -10_001, 123_456_789, Int64.max / 3, Int64.min / 3])
    func sumsAreRead(number: Int64) async throws {
        let database = try await database()
        let sum = try await database.write { connection throws(RepositoryError) in
            try connection.executeMany("INSERT INTO t (a) VALUES ($1)", Array(repeating: [.integer(number)], count: 3))
            return try connection.row("SELECT sum(a), count(*) FROM t", []) { row in
                [row.storedInteger(0), row.storedInteger(1)]
            }
        }
        #expect(sum == [3 * number, 3])
    }

    @Test func idsAreUUIDs() async throws {
        let database = try await database()
        let id = EventID(at: Timestamp(seconds: 1_795_000_000))
        let text = try await database.write { connection throws(RepositoryError) in
            try connection.execute("INSERT INTO t (c) VALUES ($1)", [SQLValue(id)])
            let found = try connection.row("SELECT c, c::text FROM t WHERE c = $1", [SQLValue(id)]) { row in
                (row.id(0) as EventID, row.text(1))
            }
            return found.map { [$0.0.text, $0.1] } ?? []
        }
        #expect(text == [id.text, id.text])
    }

    @Test func aThousandRowsInOneGo() async throws {
        let database = try await database()
        let count = try await database.write { connection throws(RepositoryError) in
            try connection.executeMany("INSERT INTO t (a) VALUES ($1)", (0..<1_000).map { [.integer($0)] })
            return try connection.row("SELECT count(*), sum(a) FROM t", []) { row in [row.integer(0), row.integer(1)] }
        }
        #expect(count == [1_000, 499_500])
    }

    @Test(arguments: [
        (
            "postgres://anna:secret@db.example.com:5433/runbell?sslmode=verify-full",
            "postgres://anna@db.example.com:5433/runbell"
        ),
        ("postgresql://a,b/runbell?target_session_attrs=any", "postgres://a,b/runbell"),
        ("postgresql:production", "postgresql:production"),
    ])
    func anAddressIsShownWithoutItsPassword(text: String, shown: String) throws {
        #expect(try #require(PostgresAddress(text)).shown == shown)
    }

    @Test(arguments: [
        "postgres:", "postgres://h:1/d?unknown=1", "postgres://%zz@h/d", "mysql://h/d", "postgresql:a b",
        "host=h dbname=d",
        "postgresql:a' password='b",
    ])
    func whatLibpqCannotReadIsNoAddress(text: String) {
        #expect(PostgresAddress(text) == nil)
    }
}

@Suite struct ConnectionPauseTests {
    @Test func pausesGrowToASecondAndEndWithASuccess() {
        var pause = ConnectionPause()
        var now = ContinuousClock.now
        var waited: [Duration] = []
        for _ in 0..<6 {
            #expect(pause.mayConnect(at: now))
            pause.failed(at: now)
            var wait = Duration.zero
            while !pause.mayConnect(at: now + wait) { wait += .milliseconds(10) }
            waited.append(wait)
            now = now + wait
        }
        #expect(waited == [100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) })
        pause.succeeded()
        #expect(pause.mayConnect(at: now))
    }
}
