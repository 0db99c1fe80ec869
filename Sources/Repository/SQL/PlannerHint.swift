/// Leads a query planner without statistics to the index meant for a statement, in SQL that every engine understands
/// and that does not change the result. SQLite assumes ten rows per organization and would rather read all of them; an
/// engine with statistics does not need this. `test_query_plans.py` checks the resulting plans.
enum PlannerHint {
    /// `column = value`, for an index in which `column` follows other columns.
    static func equal(_ column: StaticString, _ value: StaticString) -> String {
        "\(column) BETWEEN \(value) AND \(value)"
    }

    /// True for every row, which suggests an index that contains `column`. `least` is the placeholder of the least
    /// value.
    static func any(_ column: StaticString, from least: StaticString) -> String { "\(column) >= \(least)" }

    /// A join that reads its tables in the order in which they are written
    /// (https://www.sqlite.org/optoverview.html#crossjoin). Its condition is in the `WHERE`.
    static let joinInOrder = "CROSS JOIN"
}
