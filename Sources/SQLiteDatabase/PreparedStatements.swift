import GRDB
import GRDBSQLite
import Synchronization

/// The statements of one connection. GRDB would keep them too, but hashes their whole text at each use, and keeps all of them
/// for ever: those with lists of values or with many conditions, which are composed as a caller asks, never end.
///
/// @unchecked, because only one thread at a time uses a connection, and its statements with it.
final class PreparedStatements: @unchecked Sendable {
    /// Whether a statement that changes the database was used since this was last set to false.
    var hasChanged = false
    private let most: Int
    private var known: [Key: PreparedStatement] = [:]

    /// - Parameter most: how many are kept; with the next one, keeping begins anew.
    init(most: Int = 500) { self.most = most }

    var count: Int { known.count }

    func statement(_ sql: String, on database: Database) throws -> PreparedStatement {
        let statement = try known(sql, on: database)
        if statement.changes { hasChanged = true }
        return statement
    }

    private func known(_ sql: String, on database: Database) throws -> PreparedStatement {
        let key = Key(sql: sql)
        if let statement = known[key] { return statement }
        if known.count >= most { known = [:] }
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

/// The statements of the reading connections, of which there are a few, and which stay open.
final class ReadersStatements: Sendable {
    /// For each connection: what callers compose may take a hundred kilobytes a statement.
    static let mostOfEach = 200

    private let connections = Mutex<[ObjectIdentifier: PreparedStatements]>([:])

    func statements(of database: Database) -> PreparedStatements {
        connections.withLock { connections in
            let id = ObjectIdentifier(database)
            if let known = connections[id] { return known }
            let statements = PreparedStatements(most: Self.mostOfEach)
            connections[id] = statements
            return statements
        }
    }

    /// How many are kept.
    var count: Int { connections.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// Must come before the connections are closed.
    func forgetAll() { connections.withLock { $0 = [:] } }
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
