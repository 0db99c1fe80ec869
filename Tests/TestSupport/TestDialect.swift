import Repository

/// What a test's own SQL needs on one engine and not on another.
package enum TestDialect: Sendable {
    /// Typed literals as the standard has them: `uuid '018f…'`, `bytea '\x00'`.
    case standard
    case sqlite

    /// A statement in standard SQL, in this dialect.
    func statement(_ sql: String) -> String {
        guard self == .sqlite else { return sql }
        return sql.replacing(/uuid '([0-9a-f-]*)'/) { "x'\($0.1.replacing("-", with: ""))'" }
            .replacing(/bytea '\\x([0-9a-f]*)'/) { "x'\($0.1)'" }
    }

    /// An expression for the id whose 16 bytes are those of a text.
    package func id(ofText text: String) -> String {
        switch self {
        case .sqlite: "CAST(\(text) AS BLOB)"
        case .standard: "CAST(encode(convert_to(\(text), 'UTF8'), 'hex') AS uuid)"
        }
    }

    /// What removes a trigger.
    package func removal(of trigger: String, from table: String) -> String {
        self == .sqlite ? "DROP TRIGGER IF EXISTS \(trigger)" : "DROP TRIGGER IF EXISTS \(trigger) ON \(table)"
    }

    /// What makes inserts into the table fail while the condition holds: `new` is the row.
    func refusal(of table: String, when condition: String) -> [String] {
        switch self {
        case .sqlite:
            [
                """
                CREATE TRIGGER refuse_\(table) BEFORE INSERT ON \(table) WHEN \(condition)
                BEGIN SELECT RAISE(ABORT, 'no room'); END
                """
            ]
        case .standard:
            [
                """
                CREATE FUNCTION refuse_\(table)() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no room'; END $$
                """,
                """
                CREATE TRIGGER refuse_\(table) BEFORE INSERT ON \(table) FOR EACH ROW WHEN (\(condition))
                EXECUTE FUNCTION refuse_\(table)()
                """,
            ]
        }
    }
}

extension SQLDatabase {
    /// Executes statements behind the repository's back, in one transaction. They are in standard SQL (`TestDialect`).
    package func execute(_ statements: String...) async throws(RepositoryError) {
        try await execute(all: statements)
    }

    /// From now on an insert into the table fails while the condition holds: `new` is the row.
    package func refuseInserts(into table: String, when condition: String) async throws {
        try await execute(all: TestEngine.current.dialect.refusal(of: table, when: condition))
    }

    private func execute(all statements: [String]) async throws(RepositoryError) {
        let dialect = TestEngine.current.dialect
        try await write { connection throws(RepositoryError) in
            for statement in statements { try connection.execute(dialect.statement(statement), []) }
        }
    }
}
