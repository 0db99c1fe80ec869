import Notifications

/// Reads a list along an index, greatest place first. A filter may fit few of the rows: so it goes in pieces, and no further
/// than `rowsLookedAt`. Then it answers with what it has found and with where to go on.
struct ListWalk<Place: ListPlace> {
    let table: StaticString
    /// The column that orders the list. An index has it behind the columns of `along`.
    let place: StaticString
    /// What all rows of the walk have in common.
    let along: Conditions
    /// What is wanted of them besides.
    let wanted: [ColumnCondition]

    /// - Parameter start: only what lies below; nil for the list's beginning.
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

    /// The last row of the next piece; nil when the list ends before.
    private func edge(below upper: Place?, on connection: any SQLConnection) throws(RepositoryError) -> Place? {
        let span = conditions(below: upper)
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
        var span = conditions(below: upper)
        span.add(place, ">=", edge?.value)
        for condition in wanted { span.add(condition) }
        let limit = span.place(of: SQLValue(limit))
        return try connection.rows(
            "SELECT \(place) FROM \(table) WHERE \(span.sql) ORDER BY \(place) DESC LIMIT \(limit)", span.values
        ) { row in Place(row) }
    }

    private func conditions(below upper: Place?) -> Conditions {
        var span = along
        span.add(place, "<", upper?.value)
        return span
    }
}

/// A condition that only some of the rows looked at fulfil.
struct ColumnCondition {
    let column: String
    let comparison: StaticString
    let value: SQLValue

    /// Nil when the filter does not ask for it.
    init?(_ column: StaticString, _ comparison: StaticString, _ value: SQLValue?) {
        guard let value else { return nil }
        self.column = "\(column)"
        self.comparison = comparison
        self.value = value
    }

    /// Of a delivery: it is in that state by what was decided on its channel, whatever its row says.
    init(settled state: DeliveryState) {
        column = """
            (SELECT \(Settlement.state) FROM \(Delivery.table)
                WHERE d.organization_id = deliveries.organization_id AND d.delivery_id = deliveries.delivery_id)
            """
        comparison = "="
        value = .text(state.rawValue)
    }
}

/// How much of a list one request looks at.
package enum ListLimits {
    /// Rows that are looked at for one part of a list, whether they fit the filter or not.
    package static let rowsLookedAt = pieces * rowsInAPiece
    static let pieces = 5
    static let rowsInAPiece = 2_000
    /// Up to so many rows are read in the order of another index than the list's, and then put into the list's order.
    static let fewRows = 2_000
}
