extension SubscriptionRule {
    /// By type of event.
    static let events = SubscriptionRule(
        key: "events", option: "events", label: "Events",
        items: .choices(
            EventType.subscribable.map { type in
                Choice(.string(type.rawValue), label: type.words, word: type.rawValue, short: type.shortWord)
            }),
        expectation: "Event types are \(EventType.subscribable.map(\.rawValue).joined(separator: ", ")).",
        reason: "event", wanted: ("events of the type", "events of the types"), unwanted: "events of this type"
    ) { items, event, _ in items.contains(.string(event.type.rawValue)) }
}

extension EventType {
    /// For people.
    package var words: String {
        switch self {
        case .testStarted: "A load test started"
        case .testFinished: "A load test finished"
        case .testNotificationChannel: "Channel test"
        case .messagePosted: "A message was posted"
        case .channelDisabled: "A channel was disabled"
        case .channelUnreachable: "A channel cannot be reached"
        }
    }

    fileprivate var shortWord: String {
        switch self {
        case .testStarted: "started"
        case .testFinished: "finished"
        case .testNotificationChannel: "tests"
        case .messagePosted: "messages"
        case .channelDisabled, .channelUnreachable: "channel problems"
        }
    }
}
