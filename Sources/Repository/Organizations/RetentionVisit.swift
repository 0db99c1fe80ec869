import Notifications

/// An organization to be visited by retention.
struct RetentionVisit: Sendable {
    let organization: OrganizationID
    let dueAt: Timestamp
    private let kept: Duration
    private let oldest: Timestamp?

    init(_ row: any SQLRow, kinds: Int) {
        organization = row.number(0)
        dueAt = row.time(1)
        kept = .seconds(86_400 * row.days(2))
        oldest = (3..<3 + kinds).compactMap { row.optionalTime($0) }.min()
    }

    func isDue(_ at: Timestamp) -> Bool { oldest.map { $0 + kept < at } ?? false }

    /// Anything added after this visit expires only after the full retention time.
    func next(_ at: Timestamp) -> Timestamp {
        min((oldest ?? at) + kept, at + RetentionCalendar.longest)
    }
}
