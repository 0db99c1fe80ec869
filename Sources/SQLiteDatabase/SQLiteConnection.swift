import GRDB
import GRDBSQLite
import Notifications
import Repository

/// A connection inside a body, using GRDB's prepared statements. It binds values and reads columns through SQLite's C
/// API: on the hot path GRDB's rows cost more than the statements.
struct SQLiteConnection: SQLConnection {
    private let database: Database
    private let mayWrite: Bool
    private let prepared: PreparedStatements

    /// - Parameters:
    ///   - mayWrite: whether statements may change the database.
    ///   - prepared: the connection's statements.
    init(_ database: Database, mayWrite: Bool = true, prepared: PreparedStatements) {
        self.database = database
        self.mayWrite = mayWrite
        self.prepared = prepared
    }

    func forEachRow(
        _ sql: String, _ values: [SQLValue], _ take: (any SQLRow) throws(RepositoryError) -> Void
    ) throws(RepositoryError) {
        let statement = try prepare(sql)
        defer { sqlite3_reset(statement.pointer) }
        bind(values, to: statement)
        let row = SQLiteRow(statement: statement.pointer)
        while try step(statement) { try take(row) }
    }

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(RepositoryError) -> Int {
        let statement = try prepare(sql)
        defer { sqlite3_reset(statement.pointer) }
        bind(values, to: statement)
        while try step(statement) {}
        return database.changesCount
    }

    func together(_ steps: [SQLStep]) throws(RepositoryError) {
        for step in steps where !step.lists.isEmpty {
            if let take = step.take { try ask(step, take) } else { try execute(step) }
        }
    }

    private func ask(_ step: SQLStep, _ take: SQLStep.TakeRow) throws(RepositoryError) {
        let statement = try prepare(step.sql)
        let row = SQLiteRow(statement: statement.pointer)
        var bound: [SQLValue]?
        for (number, values) in step.lists.enumerated() {
            defer { sqlite3_reset(statement.pointer) }
            bind(values, to: statement, after: bound)
            bound = values
            while try self.step(statement) { try take(number, row) }
        }
    }

    private func execute(_ step: SQLStep) throws(RepositoryError) {
        let statement = try prepare(step.sql)
        var bound: [SQLValue]?
        var changed: [Int] = []
        for values in step.lists {
            defer { sqlite3_reset(statement.pointer) }
            bind(values, to: statement, after: bound)
            bound = values
            while try self.step(statement) {}
            if step.count != nil { changed.append(database.changesCount) }
        }
        step.count?(changed)
    }

    /// The statement is reused. One that is being stepped, because its row reader runs the same SQL again, cannot be.
    private func prepare(_ sql: String) throws(RepositoryError) -> PreparedStatement {
        do {
            let statement = try prepared.statement(sql, on: database)
            guard sqlite3_stmt_busy(statement.pointer) == 0 else {
                throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "a statement runs inside itself")
            }
            guard mayWrite || sqlite3_stmt_readonly(statement.pointer) != 0 else {
                throw DatabaseError(resultCode: .SQLITE_READONLY, message: "a read changes the database")
            }
            return statement
        } catch {
            throw RepositoryError(sqlite: error)
        }
    }

    /// True if there is a row.
    private func step(_ statement: PreparedStatement) throws(RepositoryError) -> Bool {
        switch sqlite3_step(statement.pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let code = sqlite3_extended_errcode(database.sqliteConnection)
            let words = String(cString: sqlite3_errmsg(database.sqliteConnection))
            throw RepositoryError(
                sqlite: DatabaseError(resultCode: ResultCode(rawValue: code), message: words))
        }
    }

    /// A value that is missing is NULL.
    ///
    /// - Parameter bound: the values that the statement has from its last run; those that are the same are not copied again.
    private func bind(_ values: [SQLValue], to statement: PreparedStatement, after bound: [SQLValue]? = nil) {
        for (index, position) in statement.order.enumerated() {
            let value = values.indices.contains(position) ? values[position] : .null
            if let bound, bound.indices.contains(position), bound[position].isSame(as: value) { continue }
            bind(value, to: statement.pointer, at: CInt(index + 1))
        }
    }

    private func bind(_ value: SQLValue, to statement: SQLiteStatement, at index: CInt) {
        /// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(let text): sqlite3_bind_text(statement, index, text, CInt(text.utf8.count), copied)
        case .id(let high, let low):
            withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
                _ = sqlite3_bind_blob(statement, index, bytes.baseAddress, CInt(bytes.count), copied)
            }
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

    func storedInteger(_ column: Int) -> Int64 {
        sqlite3_column_int64(statement, CInt(column))
    }

    func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(statement, CInt(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, CInt(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func words(_ column: Int) -> (high: UInt64, low: UInt64)? {
        guard let start = sqlite3_column_blob(statement, CInt(column)),
            sqlite3_column_bytes(statement, CInt(column)) == 16
        else { return nil }
        return (
            UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    func blob(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, CInt(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, CInt(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

extension SQLValue {
    /// Texts are compared by their bytes; blobs count as different, since comparing them costs as much as copying them.
    fileprivate func isSame(as other: SQLValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.integer(let mine), .integer(let yours)): mine == yours
        case (.id(let high, let low), .id(let otherHigh, let otherLow)): high == otherHigh && low == otherLow
        case (.text(let mine), .text(let yours)): mine.sameBytes(as: yours)
        default: false
        }
    }
}
