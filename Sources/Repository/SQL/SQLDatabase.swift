import Notifications

/// A database engine, as little of it as the repository needs. Drivers run the bodies on threads of their own, never on
/// Swift's cooperative pool, and turn their errors into `RepositoryError.unavailable` and `.noSpace`.
///
/// A body sees a serializable world: what it reads is as if no other transaction ran beside it. A driver may run it again from
/// the start, on the state of that time (an engine that finds a conflict only at the end does), and may throw away what it
/// did. So a body has no effect but through its connection; what must happen once happens behind the call. Times and random
/// ids may be taken in it: those of the run that counts are what is stored and answered. Tests run each body twice
/// (`RerunningDatabase`).
package protocol SQLDatabase: Sendable {
    /// Runs a body that changes nothing, on one consistent state.
    func read<Value: Sendable>(
        _ read: DatabaseRead,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value

    /// Runs a body in a transaction. When it returns, all of it is on disk; when it throws, none of it is there.
    /// A driver may commit several bodies together, but a body that throws undoes only itself.
    @discardableResult
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value

    /// Brings the schema up to date.
    func migrate() async throws(RepositoryError)
}

extension SQLDatabase {
    /// Reads something for the service itself.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await read(.own, body)
    }
}

/// One connection inside a body. Statements have `$1`, `$2`, … for their values, and are kept prepared.
package protocol SQLConnection {
    /// Runs one statement and reads each row.
    func rows<Value>(
        _ sql: String, _ values: [SQLValue], read: (any SQLRow) throws(RepositoryError) -> Value
    ) throws(RepositoryError) -> [Value]

    /// Runs one statement; the number of rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(RepositoryError) -> Int

    /// Runs one statement once for each row of values.
    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(RepositoryError)
}

extension SQLConnection {
    /// The first row, or nil.
    package func row<Value>(
        _ sql: String, _ values: [SQLValue], read: (any SQLRow) throws(RepositoryError) -> Value
    ) throws(RepositoryError) -> Value? {
        try rows(sql, values, read: read).first
    }
}

/// A row while it is read; columns count from 0. A column of another type than asked for reads as 0, empty or the least id:
/// types are the schema's business.
package protocol SQLRow {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func blob(_ column: Int) -> [UInt8]
}

extension SQLRow {
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
    /// The least id when the bytes are none.
    package func id<Subject>(_ column: Int) -> UniqueID<Subject> { UniqueID(bytes: blob(column)) ?? .least }
    /// Nil for NULL.
    package func optionalID<Subject>(_ column: Int) -> UniqueID<Subject>? { isNull(column) ? nil : id(column) }
    /// A number that the original system gave: an organization's, a user's, a run's.
    package func number<Subject>(_ column: Int) -> NumericID<Subject> { NumericID(integer(column)) }
}
