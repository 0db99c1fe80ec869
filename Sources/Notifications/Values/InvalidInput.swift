/// One mistake in what somebody sent, at the field it belongs to (`settings.url`, `events[3].status`).
package struct FieldMistake: Hashable, Sendable {
    package let field: String
    /// A whole sentence for people.
    package let message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// Input that cannot be taken, with **all** its mistakes. Nothing has been changed.
package struct InvalidInput: Error, Equatable, Sendable {
    package let mistakes: [FieldMistake]

    package init(_ mistakes: [FieldMistake]) {
        self.mistakes = mistakes
    }

    package init(_ field: String, _ message: String) {
        self.mistakes = [FieldMistake(field, message)]
    }
}
