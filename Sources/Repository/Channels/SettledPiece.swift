import Notifications

/// What one piece has done for the newest change of a channel.
struct SettledPiece {
    /// Whether all deliveries have been settled.
    var isWhole = true
    var settled = 0
    var released = 0

    /// How many deliveries, for the audit entry of the change, if already known.
    func count(_ count: KeyPath<Self, Int>) -> JSONValue {
        isWhole ? .integer(Int64(self[keyPath: count])) : .null
    }
}
