import Notifications

/// Events received in a time span, selected by id: ids sort by time of receipt.
struct LedgerSpan: Sendable {
    let isWhole: Bool
    let first: EventID
    let behind: EventID

    init(since: Timestamp?, until: Timestamp?) {
        isWhole = since == nil && until == nil
        first = since.map { EventID.lowest(at: $0) } ?? .least
        behind = until.map { EventID.lowest(at: $0) } ?? .greatest
    }
}

/// How many events an organization has ever had, and how many of them retention has deleted.
struct LedgerMark: Sendable {
    let sequence: Int64
    let pruned: Int64
}

/// Consecutive events of an organization, ordered by id, as of one moment.
struct LedgerPiece: Sendable {
    let first: EventID
    /// Where the next piece begins.
    let behind: EventID
    let count: LedgerCount
    /// How many of its events were counted from totals.
    var fromTotals: Int64 = 0
    /// Whether more events may follow directly after its last one.
    let isOpen: Bool
    let mark: LedgerMark

    /// An empty stretch is not worth a row, and a stretch that may still get events has no final total.
    var mayBeKept: Bool { !isOpen && fromTotals == 0 && count.events > 0 && count.isClosed }
}

/// The state of a ledger count, piece by piece.
struct LedgerWalk: Sendable {
    let organization: OrganizationID
    let span: LedgerSpan
    /// When the count began; later events are left out.
    let start: LedgerMark
    /// Where the next piece begins; nil when everything has been counted.
    private(set) var next: EventID?
    private var count = LedgerCount()
    private var fromTotals: Int64 = 0
    private var end: LedgerMark

    init(of organization: OrganizationID, _ span: LedgerSpan, from start: LedgerMark) {
        self.organization = organization
        self.span = span
        self.start = start
        next = span.first
        end = start
    }

    mutating func take(_ piece: LedgerPiece) {
        count = count + piece.count
        count.breaks = Self.shown(count.breaks)
        fromTotals += piece.fromTotals
        end = piece.mark
        next = piece.behind < span.behind ? piece.behind : nil
    }

    var ledger: Ledger {
        Ledger(
            organizationID: organization, events: count.events, expected: count.expected, deliveries: count.deliveries,
            breaks: count.breaks + (span.isWhole ? sequenceBreaks : []), eventsFromTotals: fromTotals)
    }

    /// Events that retention deleted during the count may or may not have been counted.
    private var sequenceBreaks: [LedgerBreak] {
        let (least, most) = (start.sequence - end.pruned, start.sequence - start.pruned)
        return (least...max(least, most)).contains(count.events)
            ? [] : [.sequence(expected: least, found: count.events)]
    }

    /// The first break of each kind.
    private static func shown(_ breaks: [LedgerBreak]) -> [LedgerBreak] {
        guard breaks.count > Ledger.breaksShown else { return breaks }
        let (withEvent, without) = (breaks.filter { !$0.isWithoutEvent }, breaks.filter(\.isWithoutEvent))
        return Array(withEvent.prefix(Ledger.breaksShown) + without.prefix(Ledger.breaksShown))
    }
}
