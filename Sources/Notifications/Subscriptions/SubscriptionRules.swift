extension SubscriptionRule {
    /// The rules there are, in the order in which they are shown and asked.
    package static let all: [SubscriptionRule] = [.events, .statuses, .projects]

    /// The rule that made a channel skip an event; nil when none of today's did.
    package static func behind(_ reason: SkipReason) -> SubscriptionRule? {
        guard case .notSubscribed(let word) = reason else { return nil }
        return all.first { $0.reason.sameBytes(as: word) }
    }
}
