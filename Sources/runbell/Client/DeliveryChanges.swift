import Notifications

/// What is new in a list of deliveries since it was read before, as a value.
struct DeliveryChanges {
    /// By ID, what a line shows of it. Only of those in the list: it grows no further.
    private var known: [ForeignText: JSONValue]?
    private let shownAtFirst: Int

    /// - Parameter shownAtFirst: how many of the first list are new.
    init(shownAtFirst: Int) {
        self.shownAtFirst = shownAtFirst
    }

    /// Oldest first; `list` is newest first.
    mutating func news(in list: [JSONValue]) -> [JSONValue] {
        let before = known
        known = Dictionary(list.map { (Self.id($0), Self.shown($0)) }) { first, _ in first }
        guard let before else { return list.prefix(shownAtFirst).reversed() }
        return list.reversed().filter { before[Self.id($0)] != Self.shown($0) }
    }

    private static func id(_ delivery: JSONValue) -> ForeignText { ForeignText(delivery["id"]?.string ?? "") }

    private static func shown(_ delivery: JSONValue) -> JSONValue {
        .array(["state", "reason", "attempt_count", "due_at"].map { delivery[$0] ?? .null })
    }
}
