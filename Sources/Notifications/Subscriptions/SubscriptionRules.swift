extension SubscriptionRule {
    /// All rules, in the order in which they are shown and evaluated.
    package static let all: [SubscriptionRule] = [.events, .statuses, .projects]

    /// The rule behind a reason to skip; nil if no current rule matches.
    package static func behind(_ reason: SkipReason) -> SubscriptionRule? {
        guard case .notSubscribed(let word) = reason else { return nil }
        return all.first { $0.reason.sameBytes(as: word) }
    }
}
