/// What makes the rows of one side equal to those of the other, in a part of a table.
struct TableDifference {
    private(set) var inserts: [CopiedRow] = []
    private(set) var deletes: [CopiedRow] = []
    /// By the columns that differ: the key, and then their values.
    private(set) var updates: [[Int]: [CopiedRow]] = [:]

    var isEmpty: Bool { inserts.isEmpty && deletes.isEmpty && updates.isEmpty }

    /// Both in the order of their keys.
    init(of table: CopiedTable, from rows: [CopiedRow], to copies: [CopiedRow]) {
        var (rows, copies) = (rows[...], copies[...])
        while let row = rows.first {
            guard let copy = copies.first, !table.stands(row, before: copy) else {
                inserts.append(row)
                rows.removeFirst()
                continue
            }
            copies.removeFirst()
            guard !table.stands(copy, before: row) else {
                deletes.append(table.key(of: copy))
                continue
            }
            rows.removeFirst()
            let changed = row.indices.filter { row[$0] != copy[$0] }
            if !changed.isEmpty { updates[changed, default: []].append(table.key(of: row) + changed.map { row[$0] }) }
        }
        deletes += copies.map { table.key(of: $0) }
    }

    /// Only what changed is written, because some triggers go by the columns of an update.
    func apply(to table: CopiedTable, on connection: any SQLConnection) throws(RepositoryError) {
        if !deletes.isEmpty { try connection.executeMany(table.deleting, deletes) }
        for (changed, rows) in updates { try connection.executeMany(table.updating(changed), rows) }
        if !inserts.isEmpty { try connection.executeMany(table.inserting, inserts) }
    }
}
