/// How many deliveries are in each state.
package struct DeliveryCounts: Equatable, Sendable {
    private var counts: [DeliveryState: Int64] = [:]

    package init() {}

    package subscript(_ state: DeliveryState) -> Int64 {
        get { counts[state] ?? 0 }
        set { counts[state] = newValue }
    }

    package var sum: Int64 { counts.values.reduce(0, +) }

    package static func + (lhs: Self, rhs: Self) -> Self {
        var sum = lhs
        for state in DeliveryState.allCases { sum[state] += rhs[state] }
        return sum
    }
}
