/// When a session's plans have to be made again. The server makes the plan of a prepared statement once, for tables as they
/// are then. While a table is almost empty, all its indexes cost the same, and a look-up by key may get a plan that reads an
/// organization from one end to the other; that plan stays until the table's statistics are collected, a minute later at
/// best. So plans are made again after as many statements as there have been, and at least after these limits. A value.
struct PlanAge {
    private static let first = 200
    private static let most = 20_000
    private static let longest = Duration.seconds(30)

    private var asked = 0
    private var limit = first
    private var begin = ContinuousClock.now

    /// So many statements were run.
    mutating func note(_ statements: Int) { asked += statements }

    /// True if it is time; the age then counts from now on.
    mutating func isOver(at now: ContinuousClock.Instant = .now) -> Bool {
        guard asked >= limit || asked > 0 && now - begin >= Self.longest else { return false }
        (asked, limit, begin) = (0, min(2 * limit, Self.most), now)
        return true
    }
}
