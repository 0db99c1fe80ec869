/// One error in some input, with the field it belongs to (`settings.url`, `events[3].status`).
package struct ValidationError: Hashable, Sendable {
    package let field: String
    /// A whole sentence for people.
    package let message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// Invalid input, with **all** its errors. Nothing has been changed.
package struct InvalidInput: Error, Equatable, Sendable {
    package let errors: [ValidationError]

    package init(_ errors: [ValidationError]) {
        self.errors = errors
    }

    package init(_ field: String, _ message: String) {
        self.errors = [ValidationError(field, message)]
    }
}
