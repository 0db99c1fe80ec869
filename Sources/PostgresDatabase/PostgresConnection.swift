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

    func together(_ steps: [SQLStep]) throws(RepositoryError) {
        var results: [PostgresResult] = []
        for piece in Self.pieces(of: steps) {
            results += try run { () throws(PostgresFault) in try session.run(piece) }
        }
        var next = 0
        for step in steps {
            let own = results[next..<next + step.lists.count]
            next += step.lists.count
            step.count?(own.map(\.changed))
            guard let take = step.take else { continue }
            for (number, result) in own.enumerated() {
                for row in 0..<result.count { try take(number, PostgresRow(result: result, row: CInt(row))) }
            }
        }
    }

    /// What is sent at once.
    private static func pieces(of steps: [SQLStep]) -> [[PostgresSession.Command]] {
        var pieces: [[PostgresSession.Command]] = []
        var room = 0
        for step in steps {
            var rest = step.lists[...]
            while !rest.isEmpty {
                if room == 0 { (pieces, room) = (pieces + [[]], PostgresSession.mostAtOnce) }
                let fitting = rest.prefix(room)
                pieces[pieces.count - 1].append((step.sql, fitting))
                rest = rest.dropFirst(fitting.count)
                room -= fitting.count
            }
        }
        return pieces
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
