import Notifications

/// What is wrong in a form, above it: the page comes back at its top, where the fields may be out of sight.
struct ErrorSummary: Sendable {
    struct Item: Sendable {
        let text: String
        /// The ID of the field's element; nil if the form has no such field.
        let target: String?
    }

    /// Where a field stands in the form.
    struct Place: Sendable {
        let field: String
        let label: String
        let target: String
    }

    let title: String
    let items: [Item]

    /// Nil without an error.
    ///
    /// - Parameter places: in the order of the form, in which the errors are listed too.
    init?(_ errors: [ValidationError], places: [Place]) {
        guard !errors.isEmpty else { return nil }
        title = errors.count == 1 ? "There is an error in the form." : "There are \(errors.count) errors in the form."
        let placed = places.flatMap { place in
            errors.filter { $0.field.sameBytes(as: place.field) }.map { error in
                Item(text: "\(place.label): \(error.message)", target: place.target)
            }
        }
        let others = errors.filter { error in !places.contains { $0.field.sameBytes(as: error.field) } }
        items = others.map { Item(text: $0.message, target: nil) } + placed
    }
}

extension [ValidationError] {
    /// What is wrong with a field.
    func message(of field: String) -> String? { first { $0.field.sameBytes(as: field) }?.message }
}
