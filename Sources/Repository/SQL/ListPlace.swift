import Notifications

/// A position in a list: a sequence, or an id, which contains its time.
protocol ListPlace: Comparable, Sendable {
    /// Reads the first column.
    init(_ row: any SQLRow)
    var value: SQLValue { get }
    /// The text in a cursor.
    var position: String { get }
}

extension Int64: ListPlace {
    init(_ row: any SQLRow) { self = row.storedInteger(0) }
    var value: SQLValue { .integer(self) }
    var position: String { String(self) }
}

extension UniqueID: ListPlace {
    init(_ row: any SQLRow) { self = row.id(0) }
    var value: SQLValue { SQLValue(self) }
    var position: String { text }
}

extension Page where Item: ListPlace {
    /// Reads the item at each place.
    func reading<Row: Sendable>(
        _ read: (Item) throws(RepositoryError) -> Row
    ) throws(RepositoryError) -> Page<Row> {
        Page<Row>(items: try items.map(read), next: next)
    }
}
