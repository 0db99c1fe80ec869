/// Shows that nothing is missing: compares what was accepted for the channels of its time with what is stored.
package struct Ledger: Equatable, Sendable {
    package let organizationID: OrganizationID
    package let events: Int64
    /// How many deliveries the events should have, by their own count.
    package let expected: Int64
    package let deliveries: DeliveryCounts
    /// What does not add up; at most `breaksShown` of each kind.
    package let breaks: [LedgerBreak]
    /// How many events were counted from stored totals instead of their rows.
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

/// Something in a ledger that does not add up.
package enum LedgerBreak: Equatable, Sendable {
    /// The event's number of deliveries differs from its own count.
    case deliveries(of: EventID, expected: Int64, found: Int64)
    /// The deliveries' event is missing.
    case noEvent(EventID, found: Int64)
    /// The organization's counter says `expected` events, less those that retention removed, but there are `found`.
    case sequence(expected: Int64, found: Int64)

    package var isWithoutEvent: Bool {
        if case .noEvent = self { true } else { false }
    }
}
