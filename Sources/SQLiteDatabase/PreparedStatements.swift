import GRDB
import GRDBSQLite

/// The statements of the writing connection. GRDB would keep them too, but hashes their whole text at each use, and keeps
/// all of them for ever.
///
/// @unchecked, because it is only used by `GroupCommit`'s writer.
final class PreparedStatements: @unchecked Sendable {
    /// Statements with lists of values, which are composed, could go on for ever.
    private static let most = 500

    /// Whether a statement that changes the database was used since this was last set to false.
    var hasChanged = false
    private var known: [Key: PreparedStatement] = [:]

    func statement(_ sql: String, on database: Database) throws -> PreparedStatement {
        let statement = try known(sql, on: database)
        if statement.changes { hasChanged = true }
        return statement
    }

    private func known(_ sql: String, on database: Database) throws -> PreparedStatement {
        let key = Key(sql: sql)
        if let statement = known[key] { return statement }
        if known.count >= Self.most { known = [:] }
        let statement = PreparedStatement(try database.makeStatement(sql: sql))
        known[key] = statement
        return statement
    }

    /// Must come before the connection is closed.
    func forgetAll() { known = [:] }

    /// Compares whole texts, but hashes only their length and a few bytes.
    private struct Key: Hashable {
        let sql: String

        func hash(into hasher: inout Hasher) {
            var sql = sql
            let sample = sql.withUTF8 { bytes in
                let middle = UnsafeRawBufferPointer(bytes).dropFirst(bytes.count / 2)
                return middle.count < 8 ? 0 : middle.loadUnaligned(as: UInt64.self)
            }
            hasher.combine(sql.utf8.count)
            hasher.combine(sample)
        }
    }
}

/// A statement that can be run, and the order of its values.
struct PreparedStatement {
    /// Kept, since it owns `pointer`.
    private let statement: Statement
    let pointer: SQLiteStatement
    let changes: Bool
    /// For each of SQLite's parameters, the index of its value. SQLite treats `$1` as a named parameter and numbers it by
    /// first occurrence.
    let order: [Int]

    init(_ statement: Statement) {
        self.statement = statement
        pointer = statement.sqliteStatement
        changes = sqlite3_stmt_readonly(pointer) == 0
        order = (0..<sqlite3_bind_parameter_count(pointer)).map { [pointer] index in
            Self.number(of: sqlite3_bind_parameter_name(pointer, index + 1)) - 1
        }
    }

    /// 12 for `$12`; 0 for anything else.
    private static func number(of name: UnsafePointer<CChar>?) -> Int {
        name.flatMap { Int(String(cString: $0 + 1)) } ?? 0
    }
}
