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

    func forEachRow(
        _ sql: String, each lists: [[SQLValue]], _ take: (Int, any SQLRow) throws(RepositoryError) -> Void
    ) throws(RepositoryError) {
        for (number, result) in try results(sql, lists).enumerated() {
            for row in 0..<result.count { try take(number, PostgresRow(result: result, row: CInt(row))) }
        }
    }

    @discardableResult
    func executeMany(_ sql: String, _ lists: [[SQLValue]]) throws(RepositoryError) -> [Int] {
        try results(sql, lists).map(\.changed)
    }

    /// A result for each list of values.
    private func results(_ sql: String, _ lists: [[SQLValue]]) throws(RepositoryError) -> [PostgresResult] {
        var results: [PostgresResult] = []
        for start in stride(from: 0, to: lists.count, by: PostgresSession.mostAtOnce) {
            let piece = lists[start..<min(lists.count, start + PostgresSession.mostAtOnce)]
            results += try run { () throws(PostgresFault) in try session.runMany(sql, piece) }
        }
        return results
    }

    private func run<Value>(_ work: () throws(PostgresFault) -> Value) throws(RepositoryError) -> Value {
        if watch?.isOver == true { throw .abandoned }
        do throws(PostgresFault) {
            return try work()
        } catch {
            throw watch == nil ? error.ofWrite : RepositoryError(error)
        }
    }
}
