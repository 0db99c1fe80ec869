import GRDB
import GRDBSQLite
import Notifications
import Repository

/// A connection inside a body, using GRDB's prepared statements. It binds values and reads columns through SQLite's C
/// API: on the hot path GRDB's rows cost more than the statements.
struct SQLiteConnection: SQLConnection {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    func rows<Value>(
        _ sql: String, _ values: [SQLValue], read: (any SQLRow) throws(RepositoryError) -> Value
    ) throws(RepositoryError) -> [Value] {
        let statement = try prepare(sql)
        defer { sqlite3_reset(statement) }
        bind(values, to: statement)
        var results: [Value] = []
        while try step(statement) {
            results.append(try read(SQLiteRow(statement: statement)))
        }
        return results
    }

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(RepositoryError) -> Int {
        let statement = try prepare(sql)
        defer { sqlite3_reset(statement) }
        bind(values, to: statement)
        while try step(statement) {}
        return database.changesCount
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(RepositoryError) {
        let statement = try prepare(sql)
        for values in rows {
            defer { sqlite3_reset(statement) }
            bind(values, to: statement)
            while try step(statement) {}
        }
    }

    /// GRDB caches the statement. A statement that is being stepped, because its row reader runs the same SQL again,
    /// cannot be reused.
    private func prepare(_ sql: String) throws(RepositoryError) -> SQLiteStatement {
        do {
            let statement = try database.cachedStatement(sql: sql).sqliteStatement
            guard sqlite3_stmt_busy(statement) == 0 else {
                throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "a statement runs inside itself")
            }
            return statement
        } catch {
            throw RepositoryError(sqlite: error)
        }
    }

    /// True if there is a row.
    private func step(_ statement: SQLiteStatement) throws(RepositoryError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let code = sqlite3_extended_errcode(database.sqliteConnection)
            let words = String(cString: sqlite3_errmsg(database.sqliteConnection))
            throw RepositoryError(
                sqlite: DatabaseError(resultCode: ResultCode(rawValue: code), message: words))
        }
    }

    /// SQLite treats `$1` as a named parameter and numbers it by first occurrence, so each is looked up by name.
    private func bind(_ values: [SQLValue], to statement: SQLiteStatement) {
        sqlite3_clear_bindings(statement)
        for index in 1...max(1, sqlite3_bind_parameter_count(statement)) {
            guard let name = sqlite3_bind_parameter_name(statement, index), let number = Int(String(cString: name + 1)),
                values.indices.contains(number - 1)
            else { continue }
            bind(values[number - 1], to: statement, at: index)
        }
    }

    private func bind(_ value: SQLValue, to statement: SQLiteStatement, at index: CInt) {
        /// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(let text): sqlite3_bind_text(statement, index, text, CInt(text.utf8.count), copied)
        case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, index, 0)
        case .blob(let bytes): sqlite3_bind_blob(statement, index, bytes, CInt(bytes.count), copied)
        }
    }
}

/// The current row of a statement.
struct SQLiteRow: SQLRow {
    let statement: SQLiteStatement

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, CInt(column)) == SQLITE_NULL
    }

    func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(statement, CInt(column))
    }

    func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(statement, CInt(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, CInt(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, CInt(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, CInt(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
