import Notifications
import WebServing

extension QueryReader {
    /// A time as it is typed into a filter.
    mutating func moment(_ name: String) -> Timestamp? {
        value(name, "Enter a time such as 2026-11-24 10:12.") { Timestamp(typed: $0) }
    }

    /// What is wrong with the query, for a form that shows it.
    mutating func remainingErrors() -> [String] {
        do throws(InvalidInput) {
            try finish()
            return []
        } catch {
            return error.errors.map { "\($0.field): \($0.message)" }
        }
    }
}
