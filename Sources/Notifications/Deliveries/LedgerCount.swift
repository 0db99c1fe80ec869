/// The count of some of an organization's events. Counts of different events can be added.
package struct LedgerCount: Equatable, Sendable {
    package var events: Int64 = 0
    /// How many deliveries the events should have, by their own count.
    package var expected: Int64 = 0
    package var deliveries = DeliveryCounts()
    package var breaks: [LedgerBreak] = []
    /// Some deliveries are counted by a decision that their rows do not show yet.
    package var isSettling = false

    package init() {}

    /// Compares each event with its deliveries, both read from one state of the database.
    package init(events: [LedgerEvent], deliveries: [EventID: DeliveryCounts]) {
        var others = deliveries
        for event in events {
            let found = others.removeValue(forKey: event.id) ?? DeliveryCounts()
            guard event.isCounted else { continue }
            self.events += 1
            expected += event.channels
            self.deliveries = self.deliveries + found
            guard found.sum != event.channels else { continue }
            breaks.append(.deliveries(of: event.id, expected: event.channels, found: found.sum))
        }
        for (id, found) in others.sorted(by: { $0.key.text < $1.key.text }) {
            self.deliveries = self.deliveries + found
            breaks.append(.noEvent(id, found: found.sum))
        }
    }

    package static func + (lhs: Self, rhs: Self) -> Self {
        var sum = lhs
        sum.events += rhs.events
        sum.expected += rhs.expected
        sum.deliveries = lhs.deliveries + rhs.deliveries
        sum.breaks += rhs.breaks
        sum.isSettling = lhs.isSettling || rhs.isSettling
        return sum
    }

    /// Nothing is missing and nothing will change unless somebody intervenes.
    package var isClosed: Bool {
        !isSettling && breaks.isEmpty && deliveries.sum == expected && deliveries[.due] + deliveries[.claimed] == 0
    }
}

/// What the ledger needs to know of an event.
package struct LedgerEvent: Sendable {
    package let id: EventID
    /// How many deliveries it should have.
    package let channels: Int64
    /// False for an event received after the count began.
    package let isCounted: Bool

    package init(id: EventID, channels: Int64, isCounted: Bool) {
        self.id = id
        self.channels = channels
        self.isCounted = isCounted
    }
}
