import Notifications

/// Reads a list along an index in descending order. A filter may match few rows, so this reads in pieces, up to
/// `rowsLookedAt` rows. Then it returns what it has found, with a cursor to continue.
struct ListWalk<Place: ListPlace> {
    let table: StaticString
    /// The column that orders the list. In the index it follows the columns of `along`.
    let place: StaticString
    /// What all rows of the walk have in common.
    let along: Conditions
    /// The filter on these rows.
    let wanted: [ColumnCondition]
    /// The list ends at this place; nil if it ends with the last row.
    var first: Place?

    /// - Parameter start: only rows below this place; nil for the beginning of the list.
    func page(
        _ limit: Int, below start: Place?, on connection: any SQLConnection
    ) throws(RepositoryError) -> Page<Place> {
        var upper = start
        var found: [Place] = []
        for _ in 0..<ListLimits.pieces {
            let edge = wanted.isEmpty ? nil : try edge(below: upper, on: connection)
            found += try places(below: upper, downTo: edge, atMost: limit + 1 - found.count, on: connection)
            guard found.count <= limit, let edge else { return Page(found, limit: limit) { $0.position } }
            upper = edge
        }
        return Page(items: found, next: upper.map { Cursor(position: $0.position) })
    }

    /// The last row of the next piece; nil if the list ends before that.
    private func edge(below upper: Place?, on connection: any SQLConnection) throws(RepositoryError) -> Place? {
        let span = conditions(below: upper, downTo: nil)
        return try connection.row(
            """
            SELECT \(place) FROM \(table) WHERE \(span.sql) ORDER BY \(place) DESC
            LIMIT 1 OFFSET \(ListLimits.rowsInAPiece - 1)
            """, span.values
        ) { row in Place(row) }
    }

    private func places(
        below upper: Place?, downTo edge: Place?, atMost limit: Int, on connection: any SQLConnection
    ) throws(RepositoryError) -> [Place] {
        var span = conditions(below: upper, downTo: edge)
        for condition in wanted { span.add(condition) }
        let limit = span.place(of: SQLValue(limit))
        return try connection.rows(
            "SELECT \(place) FROM \(table) WHERE \(span.sql) ORDER BY \(place) DESC LIMIT \(limit)", span.values
        ) { row in Place(row) }
    }

    /// With a single lower bound: SQLite enters an index with the first one, and would read far beyond a second one.
    private func conditions(below upper: Place?, downTo edge: Place?) -> Conditions {
        var span = along
        span.add(place, "<", upper?.value)
        span.add(place, ">=", (edge ?? first)?.value)
        return span
    }
}

/// A condition that only some of the rows read satisfy.
struct ColumnCondition {
    let column: String
    let comparison: StaticString
    /// One; several with `IN`.
    let values: [SQLValue]
    /// Whether the column is compared with itself without the value.
    private(set) var isHolding = false

    /// Nil when the filter does not ask for it.
    init?(_ column: StaticString, _ comparison: StaticString, _ value: SQLValue?) {
        guard let value else { return nil }
        self.column = "\(column)"
        self.comparison = comparison
        values = [value]
    }

    /// The column has one of the values. Nil when the filter does not ask for it.
    init?(_ column: StaticString, among values: [SQLValue]?) {
        guard let values, !values.isEmpty else { return nil }
        self.column = "\(column)"
        comparison = values.count == 1 ? "=" : "IN"
        self.values = values
    }

    /// The column contains the text: without it, there is something else. (Patterns mean something else in each engine.)
    init(_ column: StaticString, holding text: String) {
        self.column = "\(column)"
        comparison = "<>"
        values = [.text(text)]
        isHolding = true
    }

    /// For a delivery: the state that has been decided on its channel, whatever its row says.
    init(settled state: DeliveryState) {
        column = """
            (SELECT \(Settlement.state) FROM \(Delivery.table)
                WHERE d.organization_id = deliveries.organization_id AND d.delivery_id = deliveries.delivery_id)
            """
        comparison = "="
        values = [.text(state.rawValue)]
    }
}

/// Limits on how much of a list one request reads.
package enum ListLimits {
    /// The most rows read for one page, whether they match the filter or not.
    package static let rowsLookedAt = pieces * rowsInAPiece
    static let pieces = 5
    static let rowsInAPiece = 2_000
    /// Up to this many rows are read in the order of another index and then sorted.
    static let fewRows = 2_000
}

extension Transaction {
    /// Whether the row at a place matches a filter.
    func fits<Place: ListPlace>(
        _ row: Place, _ wanted: [ColumnCondition], place: StaticString, of table: StaticString
    ) throws(RepositoryError) -> Bool {
        guard !wanted.isEmpty else { return true }
        var conditions = Conditions(organization: organization)
        conditions.add(place, "=", row.value)
        for condition in wanted { conditions.add(condition) }
        let found = try connection.row("SELECT 1 FROM \(table) WHERE \(conditions.sql)", conditions.values) { row in
            row.integer(0)
        }
        return found != nil
    }
}
