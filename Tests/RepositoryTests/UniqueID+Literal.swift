import Notifications

extension UniqueID {
    /// As it stands in a statement.
    var literal: String { "x'\(text.replacing("-", with: ""))'" }
}
