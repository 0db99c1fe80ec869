import Notifications

extension UniqueID {
    /// The id as an SQL literal.
    package var literal: String { "x'\(text.replacing("-", with: ""))'" }
}
