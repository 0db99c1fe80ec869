import Notifications

/// The `WHERE` of a list with optional filters. Only our own text becomes SQL; user input is always bound as a value.
struct Conditions {
    private(set) var values: [SQLValue]
    private var terms: [String]

    init(organization: OrganizationID) {
        values = [SQLValue(organization)]
        terms = ["organization_id = $1"]
    }

    var sql: String { terms.joined(separator: " AND ") }

    /// Adds `column operator value`, unless the value is nil.
    mutating func add(_ column: StaticString, _ comparison: StaticString, _ value: SQLValue?) {
        guard let value else { return }
        terms.append("\(column) \(comparison) \(place(of: value))")
    }

    /// Adds a condition without a value. A partial index is used only if its condition is written out.
    mutating func add(_ condition: StaticString) {
        terms.append("\(condition)")
    }

    /// Adds a condition on a list's rows.
    mutating func add(_ condition: ColumnCondition) {
        let places = condition.values.map { place(of: $0) }
        let value = places.count == 1 ? places[0] : "(\(places.joined(separator: ", ")))"
        let right = condition.isHolding ? "replace(\(condition.column), \(value), '')" : value
        terms.append("\(condition.column) \(condition.comparison) \(right)")
    }

    /// Adds a value used elsewhere in the statement and returns its placeholder.
    mutating func place(of value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }
}
