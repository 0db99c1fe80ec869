/// What became of deliveries, added up: those of a channel or an organization, in an hour or in several.
package struct DeliveryTally: Equatable, Sendable {
    /// Deliveries that arrived.
    package var delivered = 0
    /// Attempts that failed, even if a later one did not.
    package var failedAttempts = 0
    /// Deliveries that were given up.
    package var failed = 0
    /// How many arrived within each of `spans` and not within the one before; the last number is of those that took
    /// longer than all.
    package var arrivals = [Int](repeating: 0, count: spans.count + 1)

    /// How long it may take from an event to its arrival. The names of the columns follow this order: never change it.
    package static let spans: [Duration] = [
        .milliseconds(10), .milliseconds(20), .milliseconds(50), .milliseconds(100), .milliseconds(200),
        .milliseconds(500), .seconds(1), .seconds(2), .seconds(5), .seconds(10), .seconds(30), .seconds(60),
        .seconds(300), .seconds(900), .seconds(3600), .seconds(6 * 3600), .seconds(86_400),
    ]

    package init() {}

    /// - Parameter wait: from the event to its arrival; a negative one, by a clock that was set, is none.
    package mutating func noteArrival(after wait: Duration) {
        delivered += 1
        arrivals[Self.spans.firstIndex { wait <= $0 } ?? Self.spans.count] += 1
    }

    /// - Parameter isLast: whether the delivery was given up with it.
    package mutating func noteFailure(isLast: Bool) {
        failedAttempts += 1
        if isLast { failed += 1 }
    }

    package static func += (sum: inout Self, other: Self) {
        sum.delivered += other.delivered
        sum.failedAttempts += other.failedAttempts
        sum.failed += other.failed
        for place in sum.arrivals.indices { sum.arrivals[place] += other.arrivals[place] }
    }
}

extension DeliveryTally {
    package var attempts: Int { delivered + failedAttempts }

    /// The shortest of `spans` within which at least that share of what was delivered arrived; nil if that took longer
    /// than the longest, or if nothing was delivered.
    package func span(of share: Double) -> Duration? {
        guard delivered > 0 else { return nil }
        let wanted = share * Double(delivered)
        var count = 0
        for (span, arrived) in zip(Self.spans, arrivals) {
            count += arrived
            if Double(count) >= wanted { return span }
        }
        return nil
    }
}
