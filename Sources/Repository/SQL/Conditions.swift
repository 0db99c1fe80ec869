import Notifications

/// The `WHERE` of a list with optional filters. Only our own texts become SQL; what somebody sent is a value.
struct Conditions {
    private(set) var values: [SQLValue]
    private var terms: [String]

    /// `table` is the name that the list's own table has in the statement, where it has one.
    init(organization: OrganizationID, table: StaticString? = nil) {
        values = [SQLValue(organization)]
        terms = ["\(table.map { "\($0)." } ?? "")organization_id = $1"]
    }

    var sql: String { terms.joined(separator: " AND ") }

    /// Adds `column operator value`; nothing when the value is nil.
    mutating func add(_ columnAndOperator: StaticString, _ value: SQLValue?) {
        guard let value else { return }
        terms.append("\(columnAndOperator) \(place(of: value))")
    }

    /// Adds a value that stands elsewhere in the statement; its place.
    mutating func place(of value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }
}
