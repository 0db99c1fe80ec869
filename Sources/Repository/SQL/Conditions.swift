import Notifications

/// The `WHERE` of a list with optional filters. Only our own texts become SQL; what somebody sent is a value.
struct Conditions {
    private(set) var values: [SQLValue]
    private var terms: [String]

    init(organization: OrganizationID) {
        values = [SQLValue(organization)]
        terms = ["organization_id = $1"]
    }

    var sql: String { terms.joined(separator: " AND ") }

    /// Adds `column operator value`; nothing when the value is nil.
    mutating func add(_ column: StaticString, _ comparison: StaticString, _ value: SQLValue?) {
        guard let value else { return }
        terms.append("\(column) \(comparison) \(place(of: value))")
    }

    /// Adds a condition without a value. An index over a part of a table is only taken for a condition that is written out.
    mutating func add(_ condition: StaticString) {
        terms.append("\(condition)")
    }

    /// Adds what is wanted of a list's rows.
    mutating func add(_ condition: ColumnCondition) {
        terms.append("\(condition.column) \(condition.comparison) \(place(of: condition.value))")
    }

    /// Adds a value that stands elsewhere in the statement; its place.
    mutating func place(of value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }
}
