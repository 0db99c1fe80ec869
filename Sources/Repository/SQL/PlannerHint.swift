/// What leads a planner that has no statistics to the index that a statement is made for, in SQL that every engine
/// understands and that changes no result. SQLite takes an organization for ten rows, and so would rather read all of them;
/// an engine with statistics has no need of this. `test_query_plans.py` reads what came of it.
enum PlannerHint {
    /// `column = value`, for an index that has `column` behind others.
    static func equal(_ column: StaticString, _ value: StaticString) -> String {
        "\(column) BETWEEN \(value) AND \(value)"
    }

    /// Holds for every row, and so asks for an index that has `column` in it. `least` is the place of the least value.
    static func any(_ column: StaticString, from least: StaticString) -> String { "\(column) >= \(least)" }

    /// A join that looks its tables up in the order in which they are written
    /// (https://www.sqlite.org/optoverview.html#crossjoin); its condition is in the `WHERE`.
    static let joinInOrder = "CROSS JOIN"
}
