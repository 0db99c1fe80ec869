/// Which events a channel wants. A part that is nil wants everything.
package struct Subscription: Equatable, Sendable {
    package var events: [EventType]?
    package var statuses: [TestStatus]?
    package var projectIDs: [ProjectID]?

    package init(events: [EventType]? = nil, statuses: [TestStatus]? = nil, projectIDs: [ProjectID]? = nil) {
        self.events = events
        self.statuses = statuses
        self.projectIDs = projectIDs
    }

    package static let everything = Subscription()

    /// Nil when the event is wanted, otherwise the first reason why not. Statuses and projects are asked of runs only;
    /// statuses of finished runs only, since every run starts in the same one.
    package func reasonToSkip(_ content: EventContent) -> SkipReason? {
        if let events, !events.contains(content.type) { return .notSubscribedEvent }
        guard let run = content.run else { return nil }
        if let statuses, content.type == .testFinished, !statuses.contains(run.status) { return .notSubscribedStatus }
        if let projectIDs, !projectIDs.contains(run.projectID) { return .notSubscribedProject }
        return nil
    }
}

extension Subscription {
    package var json: JSONValue {
        [
            "events": events.map { .array($0.map { .string($0.rawValue) }) } ?? .null,
            "statuses": statuses.map { .array($0.map { .integer($0.code) }) } ?? .null,
            "project_ids": projectIDs.map { .array($0.map { JSONValue($0) }) } ?? .null,
        ]
    }

    /// Reads `{events, statuses, project_ids}`; a part left out or null means all. An empty list is a mistake: it would
    /// be a channel that never gets anything.
    package init(reading value: JSONValue, path: String = "subscription") throws(InvalidInput) {
        var fields = FieldReader(value, path: path)
        events = Self.list(
            "events", &fields, "Event types are \(EventType.posted.map(\.rawValue).joined(separator: ", "))."
        ) {
            $0.string.flatMap(EventType.init(word:)).flatMap { EventType.posted.contains($0) ? $0 : nil }
        }
        statuses = Self.list("statuses", &fields, "Statuses are the documented codes, -1 to 12.") {
            $0.integer.flatMap(TestStatus.init(rawValue:))
        }
        projectIDs = Self.list("project_ids", &fields, "Project ids are whole numbers.") {
            $0.integer.map { ProjectID($0) }
        }
        try fields.finish()
    }

    private static func list<Item: Hashable>(
        _ key: String, _ fields: inout FieldReader, _ message: String, item: (JSONValue) -> Item?
    ) -> [Item]? {
        guard let values = fields.array(key, .orNull, atMost: 1000) else { return nil }
        let items = values.map(item)
        guard !items.contains(where: { $0 == nil }) else { return fields.mistake(key, message) }
        guard !items.isEmpty else {
            return fields.mistake(key, "An empty list would want nothing; leave the field out to want all.")
        }
        guard Set(items).count == items.count else { return fields.mistake(key, "An item stands twice in the list.") }
        return items.compactMap { $0 }
    }
}
