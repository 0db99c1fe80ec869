/// What was counted of some of an organization's events. Counts of different events add up.
package struct LedgerCount: Equatable, Sendable {
    package var events: Int64 = 0
    /// How many deliveries the events say that they have.
    package var expected: Int64 = 0
    package var deliveries = DeliveryCounts()
    package var breaks: [LedgerBreak] = []
    /// Some of it is counted by what was decided, and the rows are to follow.
    package var isSettling = false

    package init() {}

    /// Each event against its deliveries, both of one state of the database.
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

    /// Nothing is to happen any more, and nothing is missing: the count stays as it is until somebody intervenes.
    package var isClosed: Bool {
        !isSettling && breaks.isEmpty && deliveries.sum == expected && deliveries[.due] + deliveries[.claimed] == 0
    }
}

/// An event as the ledger sees it.
package struct LedgerEvent: Sendable {
    package let id: EventID
    /// How many deliveries it has, as it says itself.
    package let channels: Int64
    /// False for one that came in after the count had begun.
    package let isCounted: Bool

    package init(id: EventID, channels: Int64, isCounted: Bool) {
        self.id = id
        self.channels = channels
        self.isCounted = isCounted
    }
}
