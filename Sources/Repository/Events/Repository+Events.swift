import Notifications

/// What became of an event at one channel, in words.
package struct ChannelOutcome: Sendable {
    package let channelID: ChannelID
    package let channelName: String
    package let kind: String
    /// Nil if there is no delivery and therefore no state.
    package let deliveryID: DeliveryID?
    package let state: DeliveryState?
    package let reason: String?
    package let text: String
}

extension Repository {
    /// Newest first. A filter that matches little may return less than a page, with a cursor to continue.
    package func events(
        of organization: OrganizationID, filter: EventFilter, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<Event> {
        try await look(organization, .read, "events.list", as: principal) { transaction throws(RepositoryError) in
            let finder = EventFinder(transaction: transaction, filter: filter)
            guard filter.isOfTimeOrRun else {
                return try finder.bySequence(page).reading { sequence throws(RepositoryError) in
                    try transaction.event("sequence", SQLValue(sequence))
                }
            }
            return try finder.byID(page).reading { id throws(RepositoryError) in
                try transaction.event("event_id", SQLValue(id))
            }
        }
    }

    /// The event and what became of it at every channel, including channels removed since.
    package func event(
        _ id: EventID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (event: Event, outcomes: [ChannelOutcome]) {
        try await look(organization, .read, "event.read", as: principal) { transaction throws(RepositoryError) in
            let event = try transaction.event("event_id", SQLValue(id))
            return (event, try transaction.outcomes(of: event))
        }
    }

    /// The event and the first of its outcomes.
    package func eventWithDigest(
        _ id: EventID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (event: Event, digest: OutcomeDigest) {
        try await look(organization, .read, "event.read", as: principal) { transaction throws(RepositoryError) in
            let event = try transaction.event("event_id", SQLValue(id))
            return (event, try transaction.digest(of: event))
        }
    }
}

extension Transaction {
    /// Looks up by a column that is unique within the organization.
    func event(_ column: StaticString, _ value: SQLValue) throws(RepositoryError) -> Event {
        let event = try connection.row(
            """
            SELECT \(Event.columns) FROM events
            WHERE organization_id = $1 AND \(column) = $2
            """, [SQLValue(organization), value]
        ) { row in Event(row, of: organization) }
        guard let event else { throw .notFound("event") }
        return event
    }
}

extension Event {
    static let columns = "event_id, sequence, payload, received_at, type, user_name"

    init(_ row: any SQLRow, of organization: OrganizationID) {
        self.init(
            id: row.id(0), organizationID: organization, sequence: row.integer(1),
            content: EventContent.shown(row.text(2), type: row.text(4), userName: row.optionalText(5)),
            receivedAt: row.time(3))
    }
}

extension EventContent {
    /// A payload for display; an unreadable one is shown as such.
    static func shown(_ text: String, type: String, userName: String? = nil) -> EventContent {
        (try? EventContent(stored: text).with(userName: userName))
            ?? .unreadable(EventType(rawValue: type) ?? .testNotificationChannel)
    }

    /// Reads a stored payload; throws `unreadable` if it is damaged.
    init(stored text: String) throws(RepositoryError) {
        guard let json = try? JSONValue.parse(text.utf8), let content = try? EventContent(stored: json) else {
            throw .unreadable("a stored event cannot be read")
        }
        self = content
    }
}
