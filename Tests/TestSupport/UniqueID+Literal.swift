import Notifications

extension UniqueID {
    /// As it stands in a statement.
    package var literal: String { "x'\(text.replacing("-", with: ""))'" }
}
