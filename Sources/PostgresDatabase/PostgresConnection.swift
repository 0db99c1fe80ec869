import Repository

/// A connection inside a body.
struct PostgresConnection: SQLConnection {
    let session: PostgresSession
    /// Ends a read; nil for a write, which the server limits.
    var watch: ReadWatch?

    func forEachRow(
        _ sql: String, _ values: [SQLValue], _ take: (any SQLRow) throws(RepositoryError) -> Void
    ) throws(RepositoryError) {
        let result = try run { () throws(PostgresFault) in try session.run(sql, values) }
        for row in 0..<result.count { try take(PostgresRow(result: result, row: CInt(row))) }
    }

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(RepositoryError) -> Int {
        try run { () throws(PostgresFault) in try session.run(sql, values) }.changed
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(RepositoryError) {
        for start in stride(from: 0, to: rows.count, by: PostgresSession.mostAtOnce) {
            let piece = rows[start..<min(rows.count, start + PostgresSession.mostAtOnce)]
            _ = try run { () throws(PostgresFault) in try session.runMany(sql, piece) }
        }
    }

    private func run(
        _ work: () throws(PostgresFault) -> PostgresResult
    ) throws(RepositoryError) -> PostgresResult {
        if watch?.isOver == true { throw .abandoned }
        do throws(PostgresFault) {
            return try work()
        } catch {
            throw watch == nil ? error.ofWrite : RepositoryError(error)
        }
    }
}
