import Notifications

/// Walks a table on both sides in the order of its key, a piece at a time, and makes the target equal to the source.
struct TableWalk: Sendable {
    let table: CopiedTable
    let source: any SQLDatabase
    let target: any SQLDatabase

    /// - Parameter note: told of the source's rows of each piece.
    func run(_ note: (Int64) -> Void) async throws(RepositoryError) -> TableProof {
        var (ours, theirs) = (RowHash(), RowHash())
        var last: CopiedRow?
        repeat {
            var rows = try await read(source, after: last, upTo: nil, atMost: StoreCopy.piece)
            let isEnd = rows.count < StoreCopy.piece
            let edge = isEnd ? nil : rows.last.map { table.key(of: $0) }
            let most = 2 * StoreCopy.piece
            let copies = try await read(target, after: last, upTo: edge, atMost: most)
            last = edge
            // There are so many more on the other side that this piece ends with them.
            if copies.count == most, let end = copies.last {
                rows.removeAll { table.stands(end, before: $0) }
                last = table.key(of: end)
            }
            for row in rows { ours.add(row) }
            for row in copies { theirs.add(row) }
            try await write(TableDifference(of: table, from: rows, to: copies))
            note(Int64(rows.count))
        } while last != nil
        return TableProof(table: table.name, rows: ours.rows, hash: ours.text, targetHash: theirs.text)
    }

    private func read(
        _ database: any SQLDatabase, after low: CopiedRow?, upTo high: CopiedRow?, atMost count: Int
    ) async throws(RepositoryError) -> [CopiedRow] {
        let sql = table.reading(isAfter: low != nil, isUpTo: high != nil)
        let values = (low ?? []) + (high ?? []) + [SQLValue(count)]
        return try await database.read(in: .wholeService) { [table] connection throws(RepositoryError) in
            try connection.rows(sql, values) { row in table.row(row) }
        }
    }

    private func write(_ difference: TableDifference) async throws(RepositoryError) {
        guard !difference.isEmpty else { return }
        try await target.write(in: .wholeService) { [table] connection throws(RepositoryError) in
            try difference.apply(to: table, on: connection)
        }
    }
}
