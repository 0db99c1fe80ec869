import Notifications

/// Which events a channel wants, as a form and in words.
struct SubscriptionView: Sendable {
    struct Tick: Sendable {
        let id: String
        let value: String
        let label: String
        let isOn: Bool
        let isLocked: Bool
    }

    let events: [Tick]
    let statuses: [Tick]
    let projects: String
    let eventMistake: String?
    let statusMistake: String?
    let projectMistake: String?
    let isLocked: Bool

    init(_ subscription: Subscription, isLocked: Bool) {
        self.init(
            events: (subscription.events ?? EventType.posted).map(\.rawValue),
            statuses: (subscription.statuses ?? TestStatus.final).map { String($0.code) },
            projects: (subscription.projectIDs ?? []).map(\.description).joined(separator: ", "), isLocked: isLocked)
    }

    /// As it was typed.
    init(_ form: FormBody, mistakes: [FieldMistake]) {
        self.init(
            events: form.all("events"), statuses: form.all("statuses"), projects: form.text("projects") ?? "",
            mistakes: mistakes, isLocked: false)
    }

    private init(
        events: [String], statuses: [String], projects: String, mistakes: [FieldMistake] = [], isLocked: Bool
    ) {
        self.events = EventType.posted.map { type in
            Tick(
                id: "events-\(type)", value: type.rawValue, label: type.words, isOn: events.contains(type.rawValue),
                isLocked: isLocked)
        }
        // A status that runs do not end in is shown only where it was asked for, through the API.
        let others = TestStatus.allCases.filter { !$0.isFinal && statuses.contains(String($0.code)) }
        self.statuses = (TestStatus.final + others).map { status in
            let code = String(status.code)
            return Tick(
                id: "statuses-\(code)", value: code, label: status.text, isOn: statuses.contains(code),
                isLocked: isLocked)
        }
        self.projects = projects
        let message = { (part: String) in mistakes.first { $0.field == "subscription.\(part)" }?.message }
        eventMistake = message("events")
        statusMistake = message("statuses")
        projectMistake = message("project_ids")
        self.isLocked = isLocked
    }
}

extension EventType {
    /// For people.
    var words: String {
        switch self {
        case .testStarted: "A load test started"
        case .testFinished: "A load test finished"
        case .testNotificationChannel: "A test of the channels"
        case .channelDisabled: "A channel was disabled"
        case .channelUnreachable: "A channel cannot be reached"
        }
    }
}

extension Subscription {
    /// In a few words.
    var words: String {
        var parts: [String] = []
        if let events { parts.append(events.map(\.shortWord).joined(separator: ", ")) }
        if let statuses { parts.append("ends in " + statuses.map(\.text).joined(separator: ", ")) }
        if let projectIDs { parts.append("projects " + projectIDs.map(\.description).joined(separator: ", ")) }
        return parts.isEmpty ? "Everything" : parts.joined(separator: "; ")
    }
}

extension EventType {
    fileprivate var shortWord: String {
        switch self {
        case .testStarted: "started"
        case .testFinished: "finished"
        case .testNotificationChannel: "tests"
        case .channelDisabled, .channelUnreachable: "trouble"
        }
    }
}
