/// Ledgers rest three times as long as they work, to leave room for other traffic between two pieces.
struct LedgerPace {
    private static let rest = 3
    /// Shorter rests are accumulated.
    private static let shortest = Duration.milliseconds(2)

    private var owed = Duration.zero

    mutating func rest(after work: Duration) -> Duration? {
        owed += work * Self.rest
        guard owed >= Self.shortest else { return nil }
        defer { owed = .zero }
        return owed
    }
}
