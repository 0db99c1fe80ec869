import Notifications
import Repository
import TestSupport
import Testing

/// What every SQL driver guarantees (`SQLDatabase`). To test another engine's, add it to `TestEngine.all`.
@Suite struct DriverContract {
    private func database(_ engine: TestEngine) async throws -> any SQLDatabase {
        let database = try engine.emptyDatabase()
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("CREATE TABLE t (a BIGINT PRIMARY KEY, b TEXT, c BYTEA)", [])
        }
        return database
    }

    /// Sums and differences of what was read must not overflow, whatever happened to the file.
    @Test(arguments: TestEngine.all) func quantitiesOutOfAllProportionAreBounded(engine: TestEngine) async throws {
        let database = try await database(engine)
        let numbers: [Int64] = [.min, -1, 0, 3650, 36_526, 1 << 60, .max]
        try await database.write { connection throws(RepositoryError) in
            try connection.executeMany("INSERT INTO t (a) VALUES ($1)", numbers.map { [.integer($0)] })
        }
        let rows = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t ORDER BY a", []) { row in
                (row.integer(0), row.count(0), row.days(0), (row.number(0) as OrganizationID).value)
            }
        }
        #expect(rows.map(\.0) == [-1 << 60, -1, 0, 3650, 36_526, 1 << 60, 1 << 60])
        #expect(rows.map(\.1) == [0, 0, 0, 3650, 36_526, 1 << 40, 1 << 40])
        #expect(rows.map(\.2) == [36_525, 36_525, 36_525, 3650, 36_525, 36_525, 36_525])
        #expect(rows.map(\.3) == numbers)
    }

    @Test(arguments: TestEngine.all) func valuesComeBackAsTheyWere(engine: TestEngine) async throws {
        let database = try await database(engine)
        let text = "é 😀 \u{FFFE} ' OR 1=1 --"
        try await database.write { connection throws(RepositoryError) in
            try connection.execute(
                "INSERT INTO t (c, b, a) VALUES ($3, $2, $1)", [.integer(.min), .text(text), .blob([0, 255, 1])])
            try connection.execute("INSERT INTO t (a, b, c) VALUES ($1, $2, $3)", [.integer(1), .null, .blob([])])
        }
        let rows = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a, b, c FROM t ORDER BY a", []) { row in
                (row.storedInteger(0), row.optionalText(1), row.blob(2))
            }
        }
        #expect(rows.map(\.0) == [.min, 1])
        #expect(rows.map(\.1) == [text, nil])
        #expect(rows.map(\.2) == [[0, 255, 1], []])
    }

    @Test(arguments: TestEngine.all) func aReadCannotWrite(engine: TestEngine) async throws {
        let database = try await database(engine)
        await #expect(throws: RepositoryError.self) {
            try await database.read { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO t (a) VALUES (1)", [])
            }
        }
        let count = try await database.read { connection throws(RepositoryError) in
            try connection.row("SELECT count(*) FROM t", []) { row in row.integer(0) }
        }
        #expect(count == 0)
    }

    @Test(arguments: TestEngine.all) func aValueMayStandTwiceAndInAnyOrder(engine: TestEngine) async throws {
        let database = try await database(engine)
        let row = try await database.read { connection throws(RepositoryError) in
            try connection.row("SELECT $2, $1, $2", [.text("one"), .text("two")]) { row in
                [row.text(0), row.text(1), row.text(2)]
            }
        }
        #expect(row == ["two", "one", "two"])
    }

    @Test(arguments: TestEngine.all) func aBodyThatThrowsUndoesItselfAndNothingElse(engine: TestEngine) async throws {
        let database = try await database(engine)
        // They all wait while the writer is busy with the first, and so share a commit.
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<60 {
                group.addTask {
                    do throws(RepositoryError) {
                        try await database.write { connection throws(RepositoryError) in
                            try connection.execute("INSERT INTO t (a) VALUES ($1)", [.integer(Int64(number))])
                            if number.isMultiple(of: 3) { throw .conflict("on purpose") }
                        }
                        return true
                    } catch {
                        return error != .conflict("on purpose")
                    }
                }
            }
            return await group.reduce(into: 0) { count, succeeded in count += succeeded ? 1 : 0 }
        }
        let stored = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t ORDER BY a", []) { row in row.integer(0) }
        }
        #expect(results == 40)
        #expect(stored == (0..<60).filter { !$0.isMultiple(of: 3) }.map(Int64.init))
    }

    @Test(arguments: TestEngine.all) func changedRowsAreCounted(engine: TestEngine) async throws {
        let database = try await database(engine)
        let changed = try await database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                "INSERT INTO t (a, b) VALUES ($1, $2)", (1...5).map { [.integer($0), .text("x")] })
            return try connection.execute("UPDATE t SET b = 'y' WHERE a > $1", [.integer(2)])
        }
        #expect(changed == 3)
    }

    @Test(arguments: TestEngine.all) func manyListsOfValuesAreToldApart(engine: TestEngine) async throws {
        let database = try await database(engine)
        let (changed, found) = try await database.write { connection throws(RepositoryError) in
            try connection.executeMany(
                "INSERT INTO t (a, b) VALUES ($1, $2)", (1...600).map { [.integer($0), .text("\($0 / 2)")] })
            let changed = try connection.executeMany(
                "UPDATE t SET a = -a WHERE b = $1", [[.text("0")], [.text("none")], [.text("7")]])
            var found: [Int: [Int64]] = [:]
            try connection.together([
                SQLStep(asking: "SELECT a FROM t WHERE b = $1 ORDER BY a", (0..<600).map { [.text("\($0)")] }) {
                    number, row in found[number, default: []].append(row.integer(0))
                }
            ])
            return (changed, found)
        }
        #expect(changed == [1, 0, 2])
        #expect(found[0] == [-1] && found[7] == [-15, -14] && found[8] == [16, 17] && found[300] == [600])
        #expect(found.count == 301)
    }

    /// However many lists they have; a step without lists does nothing.
    @Test(arguments: TestEngine.all) func stepsAreTakenInTheirOrder(engine: TestEngine) async throws {
        let database = try await database(engine)
        let (heard, rows) = try await database.write { connection throws(RepositoryError) in
            var (heard, rows): ([String], [Int: Int64]) = ([], [:])
            let numbers = (Int64(1)...300).map { [SQLValue($0)] }
            try connection.together([
                SQLStep("INSERT INTO t (a, b) VALUES ($1, 'x')", numbers) { heard.append("inserted \($0.count)") },
                SQLStep(asking: "SELECT a FROM t WHERE a = $1", []) { _, _ in heard.append("never") },
                SQLStep("UPDATE t SET a = -a WHERE a = $1", [[7], [-7], [1_000]]) { heard.append("updated \($0)") },
                SQLStep(asking: "SELECT a FROM t WHERE abs(a) = $1", numbers) { rows[$0] = $1.integer(0) },
                SQLStep("DELETE FROM t", [[]]) { heard.append("deleted \($0)") },
            ])
            return (heard, rows)
        }
        #expect(heard == ["inserted 300", "updated [1, 1, 0]", "deleted [300]"])
        #expect(rows.count == 300 && rows[6] == 7 && rows[299] == 300)
    }

    @Test(arguments: TestEngine.all) func aStepThatFailsTakesTheOthersAlong(engine: TestEngine) async throws {
        let database = try await database(engine)
        await #expect(throws: RepositoryError.self) {
            try await database.write { connection throws(RepositoryError) in
                try connection.together([
                    SQLStep("INSERT INTO t (a) VALUES ($1)", [[1], [2]]),
                    SQLStep("INSERT INTO t (a) VALUES ($1)", [[1]]),
                    SQLStep("INSERT INTO t (a) VALUES ($1)", [[3]]),
                ])
            }
        }
        let stored = try await database.read { connection throws(RepositoryError) in
            try connection.rows("SELECT a FROM t", []) { row in row.integer(0) }
        }
        #expect(stored == [])
    }

    @Test(arguments: TestEngine.all) func aMistakeInSQLIsAnErrorWithoutValues(engine: TestEngine) async throws {
        let database = try await database(engine)
        await #expect(throws: RepositoryError.self) {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO t (a) VALUES ($1), ($1)", [.integer(5)])
            }
        }
        do {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute("INSERT INTO nowhere VALUES ($1)", [.text("canary")])
            }
            Issue.record("the statement must fail")
        } catch {
            #expect(!"\(error)".contains("canary"))
        }
    }

    /// Each adds one to what it read: the result is as if they had run one after the other.
    @Test(arguments: TestEngine.all) func bodiesSeeASerializableWorld(engine: TestEngine) async throws {
        let database = try await database(engine)
        try await database.write { connection throws(RepositoryError) in
            try connection.execute("INSERT INTO t (a, b) VALUES (1, '0')", [])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await database.write { connection throws(RepositoryError) in
                        let before = try connection.row("SELECT b FROM t WHERE a = 1", []) { row in Int(row.text(0)) }
                        let after = String(((before ?? nil) ?? 0) + 1)
                        try connection.execute("UPDATE t SET b = $1 WHERE a = 1", [.text(after)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let count = try await database.read { connection throws(RepositoryError) in
            try connection.row("SELECT b FROM t", []) { row in row.text(0) }
        }
        #expect(count == "50")
    }
}
