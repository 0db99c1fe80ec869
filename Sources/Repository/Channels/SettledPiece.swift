import Notifications

/// What the newest change of a channel has come to in one piece.
struct SettledPiece {
    /// Whether nothing is left to follow.
    var isWhole = true
    var settled = 0
    var released = 0

    /// For the audit entry of the change: how many they were, when that is known by then.
    func count(_ count: KeyPath<Self, Int>) -> JSONValue {
        isWhole ? .integer(Int64(self[keyPath: count])) : .null
    }
}
