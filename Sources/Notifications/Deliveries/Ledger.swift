/// The proof that nothing is missing: what was accepted for the channels of its time, against what there is.
package struct Ledger: Equatable, Sendable {
    package let organizationID: OrganizationID
    package let events: Int64
    /// How many deliveries the events say that they have.
    package let expected: Int64
    package let deliveries: DeliveryCounts
    /// What does not add up; the first `breaksShown` of each kind.
    package let breaks: [LedgerBreak]
    /// How many of the events were not counted from their rows, because totals of them are kept.
    package let eventsFromTotals: Int64

    package static let breaksShown = 100

    package init(
        organizationID: OrganizationID, events: Int64, expected: Int64, deliveries: DeliveryCounts,
        breaks: [LedgerBreak], eventsFromTotals: Int64 = 0
    ) {
        self.organizationID = organizationID
        self.events = events
        self.expected = expected
        self.deliveries = deliveries
        self.breaks = breaks
        self.eventsFromTotals = eventsFromTotals
    }

    package var isBalanced: Bool { breaks.isEmpty && expected == deliveries.sum }
}

/// One thing in a ledger that does not add up.
package enum LedgerBreak: Equatable, Sendable {
    /// The event has another number of deliveries than it says.
    case deliveries(of: EventID, expected: Int64, found: Int64)
    /// The deliveries' event is not there.
    case noEvent(EventID, found: Int64)
    /// As many events were counted, without those that retention removed, as `expected`; `found` are there.
    case sequence(expected: Int64, found: Int64)

    package var isWithoutEvent: Bool {
        if case .noEvent = self { true } else { false }
    }
}
