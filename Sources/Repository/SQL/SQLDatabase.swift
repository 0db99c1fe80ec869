import Notifications

/// A database engine, reduced to what the repository needs. Drivers run bodies on their own threads, never on Swift's
/// cooperative pool, and turn their errors into `RepositoryError.unavailable` and `.noSpace`.
///
/// A body is serializable: it reads as if no other transaction were running. A driver may run it again from the start
/// on newer data (as an engine does that detects conflicts only at commit), and may discard what it did. So a body has
/// no effect except through its connection, and whatever must happen exactly once happens after the call. Times and
/// random ids may be generated inside it: those of the committed run are stored and returned. Tests run each body twice
/// (`RerunningDatabase`).
package protocol SQLDatabase: Sendable {
    /// Runs a read-only body on one consistent snapshot.
    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value

    /// Runs a body in a transaction. When it returns, everything is on disk; when it throws, nothing is. A driver may
    /// commit several bodies together, but a body that throws rolls back only itself.
    @discardableResult
    func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value

    /// Migrates the schema to the current version.
    func migrate() async throws(RepositoryError)

    /// Whether several processes may use it at once.
    var isShared: Bool { get }
}

extension SQLDatabase {
    package var isShared: Bool { false }

    /// Reads for the service itself.
    package func read<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await read(.own, in: scope, body)
    }
}

/// A connection inside a body. Statements use `$1`, `$2`, … for their values and stay prepared.
package protocol SQLConnection {
    /// Runs one statement and passes each row on.
    func forEachRow(
        _ sql: String, _ values: [SQLValue], _ take: (any SQLRow) throws(RepositoryError) -> Void
    ) throws(RepositoryError)

    /// Runs one statement and returns the number of rows changed.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(RepositoryError) -> Int

    /// Runs several steps in this order. They wait for the database together, so none may need what another one found.
    func together(_ steps: [SQLStep]) throws(RepositoryError)
}

/// A statement that is run once per list of values.
package struct SQLStep {
    package typealias TakeRow = (_ number: Int, any SQLRow) throws(RepositoryError) -> Void

    package let sql: String
    package let lists: [[SQLValue]]
    /// Gets each row, with the number of its list; nil for a statement without rows.
    package let take: TakeRow?
    /// Gets the number of rows that each list changed.
    package let count: ((_ changed: [Int]) -> Void)?

    /// - Parameter count: gets the number of rows that each list changed.
    package init(_ sql: String, _ lists: [[SQLValue]], count: (([Int]) -> Void)? = nil) {
        (self.sql, self.lists, self.take, self.count) = (sql, lists, nil, count)
    }

    /// - Parameter take: gets each row, with the number of its list.
    package init(asking sql: String, _ lists: [[SQLValue]], take: @escaping TakeRow) {
        (self.sql, self.lists, self.take, self.count) = (sql, lists, take, nil)
    }
}

/// Not required of drivers: a generic requirement would be called without being specialized.
extension SQLConnection {
    /// Runs one statement and reads each row.
    package func rows<Value>(
        _ sql: String, _ values: [SQLValue], read: (any SQLRow) throws(RepositoryError) -> Value
    ) throws(RepositoryError) -> [Value] {
        var found: [Value] = []
        try forEachRow(sql, values) { row throws(RepositoryError) in found.append(try read(row)) }
        return found
    }

    /// Runs one statement, and reads the first row; nil if there is none.
    package func row<Value>(
        _ sql: String, _ values: [SQLValue], read: (any SQLRow) throws(RepositoryError) -> Value
    ) throws(RepositoryError) -> Value? {
        var first: Value?
        try forEachRow(sql, values) { row throws(RepositoryError) in
            if first == nil { first = try read(row) }
        }
        return first
    }

    /// Runs one statement once per list of values, and returns the number of rows changed by each. All lists wait for the
    /// database together.
    @discardableResult
    package func executeMany(_ sql: String, _ lists: [[SQLValue]]) throws(RepositoryError) -> [Int] {
        guard !lists.isEmpty else { return [] }
        var changed: [Int] = []
        try together([SQLStep(sql, lists) { changed = $0 }])
        return changed
    }
}

/// A row while it is being read; columns count from 0. A column of an unexpected type reads as 0, empty or the least
/// id: the schema is responsible for types.
package protocol SQLRow {
    func isNull(_ column: Int) -> Bool
    /// As it is stored.
    func storedInteger(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func blob(_ column: Int) -> [UInt8]
    /// The 16 bytes of an id as two numbers, most significant first; nil if it is anything else.
    func words(_ column: Int) -> (high: UInt64, low: UInt64)?
}

extension SQLRow {
    /// A quantity: a count, a time, a length. What is out of all proportion is damage, a single bit may be enough, and counts
    /// as the bound: then sums and differences of such numbers do not overflow, which would end the process.
    package func integer(_ column: Int) -> Int64 { min(max(storedInteger(column), -(1 << 60)), 1 << 60) }
    /// A count of which many are added up: at most a trillion.
    package func count(_ column: Int) -> Int { Int(min(max(storedInteger(column), 0), 1 << 40)) }
    /// For how many days something is kept: a hundred years where the number is damaged, so that nothing is deleted.
    package func days(_ column: Int) -> Int64 {
        let days = storedInteger(column)
        return (1...36_525).contains(days) ? days : 36_525
    }
    /// Nil for NULL.
    package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    /// Nil for NULL.
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    /// Nil for NULL.
    package func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
    /// Microseconds since 1970, UTC.
    package func time(_ column: Int) -> Timestamp { Timestamp(microseconds: integer(column)) }
    /// Nil for NULL.
    package func optionalTime(_ column: Int) -> Timestamp? { isNull(column) ? nil : time(column) }
    /// The least id if the bytes are not an id.
    package func id<Subject>(_ column: Int) -> UniqueID<Subject> {
        words(column).map(UniqueID.init) ?? .least
    }
    /// Nil for NULL.
    package func optionalID<Subject>(_ column: Int) -> UniqueID<Subject>? { isNull(column) ? nil : id(column) }
    /// Nil for NULL.
    package func optionalNumber<Subject>(_ column: Int) -> NumericID<Subject>? { isNull(column) ? nil : number(column) }
    /// A number assigned by the original system: an organization's, a user's, a run's.
    package func number<Subject>(_ column: Int) -> NumericID<Subject> { NumericID(storedInteger(column)) }
}
