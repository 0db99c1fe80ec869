/// What became of events that an allowance was taken for.
package struct EventBill {
    let events: Int
    /// How many deliveries each was taken to have.
    let expected: Int
    /// How many each of those has that were stored.
    let stored: [Int]

    package init(events: Int, expected: Int, stored: [Int]) {
        self.events = events
        self.expected = expected
        self.stored = stored
    }

    var taken: Double { Double(events) * EventRate.cost(deliveries: expected) }

    /// One that was not stored counts as one.
    var cost: Double { stored.reduce(Double(events - stored.count)) { $0 + EventRate.cost(deliveries: $1) } }
}
