import Notifications

extension UniqueID {
    /// The id as a literal of standard SQL (`TestDialect`).
    package var literal: String { "uuid '\(text)'" }
}
