import Notifications
import Repository
import WebServing

extension QueryReader {
    /// How many rows a page shows, unless its query says otherwise.
    static let part = 25
    /// The same where each row is a form.
    static let longPart = 100

    /// The part of a list that a page shows: shorter than the API's, so that a first visit stays small.
    mutating func part() -> PageRequest {
        var page = page()
        if text("limit") == nil { page.limit = Self.part }
        return page
    }

    /// The part of a list whose rows are forms: all of it, for most organizations.
    mutating func longPart() -> PageRequest {
        var page = page()
        if text("limit") == nil { page.limit = Self.longPart }
        return page
    }

    /// A time as it is typed into a filter.
    mutating func moment(_ name: String) -> Timestamp? {
        value(name, "Enter a time such as 2026-11-24 10:12.") { Timestamp(typed: $0) }
    }

    /// What the forms call their parameters.
    private static let labels = [
        ("name", "Load test"), ("type", "Event"), ("status", "Status"), ("state", "State"), ("project", "Project"),
        ("run", "Run"), ("since", "Since"), ("until", "Until"), ("actor", "Actor"), ("action", "Action"),
        ("target", "Target"),
    ]

    /// What is wrong with the query, for a form that shows it.
    mutating func remainingErrors() -> [String] {
        do throws(InvalidInput) {
            try finish()
            return []
        } catch {
            return error.errors.map { error in
                let label = Self.labels.first { error.field.sameBytes(as: $0.0) }?.1
                return "\(label ?? error.field): \(error.message)"
            }
        }
    }
}
