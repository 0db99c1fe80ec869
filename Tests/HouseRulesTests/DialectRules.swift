import Testing

@Suite("House rules: SQL for every engine")
struct DialectRules {
    @Test("The repository's statements are in SQL that every engine understands")
    func statements() {
        let files = ProjectFile.sources.filter {
            $0.path.hasPrefix("Sources/Repository/") && !$0.path.hasSuffix("SQL/PlannerHint.swift")
        }
        #expect(files.count > 50)
        let rules = Self.rules
        for file in files {
            for (number, line) in zip(file.code, file.lines).enumerated() where !Self.isComment(line.1) {
                // Whatever is blank in the code is part of a literal.
                let literals = Self.literals(of: String(line.1), code: line.0)
                guard let literals, Self.mayBeSQL(literals), let found = Self.found(in: literals, rules) else {
                    continue
                }
                Issue.record("\(file):\(number + 1) \(found)")
            }
        }
    }

    @Test("Only the driver, the program and tests of the driver know an engine")
    func imports() {
        for (driver, supports) in [
            ("SQLiteDatabase", ["TestEngine+SQLite.swift"]),
            ("PostgresDatabase", ["TestEngine+Postgres.swift", "PostgresDatabases.swift"]),
        ] {
            let may =
                ["Sources/\(driver)/", "Sources/runbell/", "Tests/\(driver)Tests/", "Tests/RunbellTests/"]
                + supports.map { "Tests/TestSupport/\($0)" }
            for file in ProjectFile.sources + ProjectFile.tests where !may.contains(where: file.path.hasPrefix) {
                #expect(!ImportRules.imports(in: file).contains(driver), "\(file) imports \(driver)")
            }
        }
    }

    @Test("The look for SQL of one engine finds it, and nothing else")
    func look() {
        for sql in [
            "a >= x'00'", "name LIKE 'a%'", "sum(state = 'due')", "owner IS NOT $3", "owner IS $3", "ifnull(a, 0)",
            "max(0, a - 1)", "min(a, 'x')", "INSERT OR IGNORE INTO t", "SELECT rowid FROM t", "PRAGMA user_version",
            "FROM t INDEXED BY i", "FROM sqlite_schema", "a CROSS JOIN b", "a GLOB 'x*'", "a BETWEEN $2 AND $2",
            "WHERE a OR 1 AND b", "WHERE only = 1", "datetime('now')", "SELECT a FROM t WHERE +a = 1",
            "REPLACE INTO t",
        ] {
            #expect(Self.found(in: sql, Self.rules) != nil, "\(sql)")
        }
        for sql in [
            "max(a)", "coalesce(max(a), 0)", "a IS NOT NULL", "count(*) FILTER (WHERE a = 1)", "a BETWEEN $2 AND $3",
            "WHERE \"only\" = 1", "WITH a AS MATERIALIZED (SELECT 1)", "SET a = a + 1", "ON CONFLICT DO NOTHING",
        ] {
            #expect(Self.found(in: sql, Self.rules) == nil, "\(sql)")
        }
    }

    private static func isComment(_ line: Substring) -> Bool { line.drop { $0 == " " }.hasPrefix("//") }

    /// Whether it needs a closer look: statements contain characters that are rare in other literals.
    private static func mayBeSQL(_ literals: String) -> Bool {
        let signs: [UInt8] = [
            UInt8(ascii: "="), UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: "'"), UInt8(ascii: "*"),
        ]
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        var (isSign, run) = (false, 0)
        for byte in literals.utf8 {
            isSign = isSign || signs.contains(byte)
            run = capitals.contains(byte) ? run + 1 : 0
            if isSign || run > 1 { return true }
        }
        return false
    }

    /// The text of a line's literals, which is blank in the code. Nil if there is none.
    private static func literals(of line: String, code: String) -> String? {
        guard line != code else { return nil }
        let (line, code) = (Array(line.utf8), Array(code.utf8))
        guard line.count == code.count else { return nil }
        return String(decoding: zip(line, code).map { $1 == UInt8(ascii: " ") ? $0 : UInt8(ascii: " ") }, as: UTF8.self)
    }

    /// What only one engine understands, or understands differently; nil if there is nothing of the kind.
    private static func found(in sql: String, _ rules: [Rule]) -> String? {
        rules.first { sql.contains($0.pattern) }?.instead
    }

    private typealias Rule = (pattern: Regex<Substring>, instead: String)

    private static var rules: [Rule] {
        [
            (/\bx'[0-9a-fA-F]*'/, "has a literal of bytes: use a value"),
            (/\b(?:LIKE|GLOB)\b/, "compares by a pattern, which engines do differently: use IN or a range"),
            (/\bsum\([a-z_.]+ =/, "sums truths: use count(*) FILTER (WHERE …)"),
            (/\bIS (?:NOT )?\$/, "compares with IS: use = or <>"),
            (/\b(?:max|min)\([^()]*,/, "takes the greatest of some values: use CASE"),
            (
                /\b(?:ifnull|datetime|strftime|julianday|randomblob|zeroblob|last_insert_rowid)\(/,
                "calls SQLite's function"
            ),
            (/\b(?:rowid|PRAGMA|INDEXED BY|sqlite_\w+)\b/, "is about SQLite alone"),
            (/\b(?:INSERT OR|REPLACE INTO)\b/, "has SQLite's conflicts: use ON CONFLICT"),
            (/\bCROSS JOIN\b/, "gives the planner a hint: use PlannerHint"),
            (/\s\+[a-z]+(?:\.[a-z_]+)? (?:=|<|>|IN)/, "gives the planner a hint: use PlannerHint"),
            (/BETWEEN (?:\$1 AND \$1|\$2 AND \$2|\$3 AND \$3)\b/, "gives the planner a hint: use PlannerHint"),
            (/\b(?:AND|OR|WHERE) [01] (?:AND|OR)\b/, "has a number for a truth: use TRUE or FALSE"),
            (/[^"]\bonly =/, "names a column like a word of SQL: quote it"),
        ]
    }
}
