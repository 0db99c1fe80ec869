/// The actual cost of events whose expected cost has been charged.
package struct EventBill {
    let events: Int
    /// How many deliveries each was expected to have.
    let expected: Int
    /// The number of deliveries of each stored event.
    let stored: [Int]

    package init(events: Int, expected: Int, stored: [Int]) {
        self.events = events
        self.expected = expected
        self.stored = stored
    }

    var taken: Double { Double(events) * EventRate.cost(deliveries: expected) }

    /// An event that was not stored costs one.
    var cost: Double { stored.reduce(Double(events - stored.count)) { $0 + EventRate.cost(deliveries: $1) } }
}
