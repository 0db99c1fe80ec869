/// A table as both stores of a copy have it.
package struct CopiedTable: Sendable, Equatable {
    /// What a column holds, in either engine.
    package enum Kind: Sendable {
        case integer, text, bytes
    }

    /// A column and what it holds.
    package struct Column: Sendable, Equatable {
        package let name: String
        package let kind: Kind

        package init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    package let name: String
    /// The primary key in its order, and then the others by name.
    package let columns: [Column]
    /// How many columns the primary key has.
    package let keyLength: Int

    /// - Parameters:
    ///   - key: the primary key, in its order.
    ///   - others: in any order.
    package init(_ name: String, key: [Column], others: [Column]) {
        self.name = name
        columns = key + others.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
        keyLength = key.count
    }
}

/// A database that a store can be copied from and to.
package protocol CopyableDatabase: SQLDatabase {
    /// The tables of the schema, but for the driver's own.
    func tables() async throws(RepositoryError) -> [CopiedTable]

    /// Statements that let the engine refuse every later change of a table.
    ///
    /// - Parameter reason: what whoever tries is told; without quotes.
    func refusal(ofChangesTo table: String, reason: String) -> [String]
}

/// A column as an engine's catalog lists it.
package struct StoredColumn: Sendable {
    private let table: String
    private let name: String
    private let type: String
    /// Its place in the primary key, from 1; 0 if it is not part of it.
    private let keyPlace: Int64

    /// Reads the table, the column, its type and its place in the primary key.
    package init(_ row: any SQLRow) {
        (table, name, type, keyPlace) = (row.text(0), row.text(1), row.text(2), row.integer(3))
    }

    /// - Parameter kind: what an engine's type holds; nil for a type that the schema does not use.
    package static func tables(
        _ columns: [StoredColumn], kind: (String) -> CopiedTable.Kind?
    ) throws(RepositoryError) -> [CopiedTable] {
        var tables: [CopiedTable] = []
        for (table, columns) in Dictionary(grouping: columns, by: \.table) {
            var (key, others): ([(Int64, CopiedTable.Column)], [CopiedTable.Column]) = ([], [])
            for column in columns {
                guard let kind = kind(column.type) else {
                    throw .unavailable("the column \(column.name) of \(table) has the type \(column.type)")
                }
                let copied = CopiedTable.Column(column.name, kind)
                if column.keyPlace > 0 { key.append((column.keyPlace, copied)) } else { others.append(copied) }
            }
            guard !key.isEmpty else { throw .unavailable("the table \(table) has no primary key") }
            tables.append(CopiedTable(table, key: key.sorted { $0.0 < $1.0 }.map(\.1), others: others))
        }
        return tables
    }
}

/// A row while it is copied: the values of a table's columns.
typealias CopiedRow = [SQLValue]

extension CopiedTable {
    /// The columns that are copied: what a store says of copies of itself is its own.
    var copied: CopiedTable {
        guard name == StoreState.table else { return self }
        return CopiedTable(
            name, key: Array(columns.prefix(keyLength)),
            others: columns.dropFirst(keyLength).filter { !StoreState.columns.contains($0.name) })
    }

    func row(_ row: any SQLRow) -> CopiedRow {
        columns.enumerated().map { position, column in
            guard !row.isNull(position) else { return .null }
            return switch column.kind {
            case .integer: .integer(row.storedInteger(position))
            case .text: .text(row.text(position))
            case .bytes: .blob(row.blob(position))
            }
        }
    }

    func key(of row: CopiedRow) -> CopiedRow { Array(row.prefix(keyLength)) }

    /// Whether one row's key comes before another's, as in the engines' indexes.
    func stands(_ row: CopiedRow, before other: CopiedRow) -> Bool {
        for (one, two) in zip(row.prefix(keyLength), other.prefix(keyLength)) where one != two {
            return switch (one, two) {
            case (.integer(let one), .integer(let two)): one < two
            case (.text(let one), .text(let two)): one.utf8.lexicographicallyPrecedes(two.utf8)
            case (.blob(let one), .blob(let two)): one.lexicographicallyPrecedes(two)
            default: false
            }
        }
        return false
    }
}

/// The statements of a table's copy.
extension CopiedTable {
    private func list(_ columns: some Sequence<Column>) -> String {
        columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
    }

    private func places(_ count: Int, from first: Int = 1) -> String {
        (first..<first + count).map { "$\($0)" }.joined(separator: ", ")
    }

    private var keyColumns: ArraySlice<Column> { columns.prefix(keyLength) }

    var counting: String {
        """
        SELECT count(*) FROM "\(name)"
        """
    }

    /// The rows in the order of their keys: after a key, up to one, at most so many. The values follow in that order.
    func reading(isAfter: Bool, isUpTo: Bool) -> String {
        var conditions: [String] = []
        var next = 1
        for (isAsked, sign) in [(isAfter, ">"), (isUpTo, "<=")] where isAsked {
            conditions.append("(\(list(keyColumns))) \(sign) (\(places(keyLength, from: next)))")
            next += keyLength
        }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return """
            SELECT \(list(columns)) FROM "\(name)" \(condition) ORDER BY \(list(keyColumns)) LIMIT $\(next)
            """
    }

    var inserting: String {
        """
        INSERT INTO "\(name)" (\(list(columns))) VALUES (\(places(columns.count)))
        """
    }

    /// Takes the key, and then the values of these columns.
    func updating(_ changed: [Int]) -> String {
        let sets = changed.enumerated().map { "\"\(columns[$1].name)\" = $\(keyLength + $0 + 1)" }
        return """
            UPDATE "\(name)" SET \(sets.joined(separator: ", ")) WHERE \(isKey)
            """
    }

    /// Takes the key.
    var deleting: String {
        """
        DELETE FROM "\(name)" WHERE \(isKey)
        """
    }

    private var isKey: String {
        keyColumns.enumerated().map { "\"\($1.name)\" = $\($0 + 1)" }.joined(separator: " AND ")
    }
}
