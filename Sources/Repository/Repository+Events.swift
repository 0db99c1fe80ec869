import Notifications

package struct EventFilter: Sendable {
    package var type: EventType?
    package var runID: LoadTestRunID?
    /// Received at or after.
    package var since: Timestamp?
    /// Received before.
    package var until: Timestamp?

    package init(
        type: EventType? = nil, runID: LoadTestRunID? = nil, since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.type = type
        self.runID = runID
        self.since = since
        self.until = until
    }
}

/// What became of an event at one channel, in words.
package struct ChannelOutcome: Sendable {
    package let channelID: ChannelID
    package let channelName: String
    package let kind: String
    package let deliveryID: DeliveryID
    package let state: DeliveryState
    package let reason: String?
    package let text: String
}

extension Repository {
    /// Newest first.
    package func events(
        of organization: OrganizationID, filter: EventFilter, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<Event> {
        try await look(organization, .read, "events.list", as: principal) { transaction throws(RepositoryError) in
            var conditions = Conditions(organization: organization)
            conditions.add("sequence <", try page.sequence().map(SQLValue.integer))
            conditions.add("type =", filter.type.map { .text($0.rawValue) })
            conditions.add("load_test_run_id =", filter.runID.map { .integer($0.value) })
            conditions.add("received_at >=", filter.since.map { .integer($0.microseconds) })
            conditions.add("received_at <", filter.until.map { .integer($0.microseconds) })
            let events = try transaction.connection.rows(
                """
                SELECT event_id, sequence, payload, received_at FROM events WHERE \(conditions.sql)
                ORDER BY sequence DESC LIMIT \(conditions.place(of: SQLValue(page.limit + 1)))
                """, conditions.values
            ) { row throws(RepositoryError) in try Event(row, of: organization) }
            return Page(events, limit: page.limit) { String($0.sequence) }
        }
    }

    /// The event, and what became of it at every channel of its time.
    package func event(
        _ id: EventID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (event: Event, outcomes: [ChannelOutcome]) {
        try await look(organization, .read, "event.read", as: principal) { transaction throws(RepositoryError) in
            let event = try transaction.connection.row(
                """
                SELECT event_id, sequence, payload, received_at FROM events
                WHERE organization_id = $1 AND event_id = $2
                """, [SQLValue(organization), SQLValue(id)]
            ) { row throws(RepositoryError) in try Event(row, of: organization) }
            guard let event else { throw .notFound("event") }
            return (event, try transaction.outcomes(of: event))
        }
    }
}

extension Transaction {
    fileprivate func outcomes(of event: Event) throws(RepositoryError) -> [ChannelOutcome] {
        try connection.rows(
            """
            SELECT d.delivery_id, d.channel_id, c.name, c.kind, d.state, d.reason, d.attempts, d.due_at, d.updated_at,
                a.finding_text
            FROM deliveries d
            JOIN channels c ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
            LEFT JOIN attempts a ON a.organization_id = d.organization_id AND a.delivery_id = d.delivery_id
                AND a.number = (SELECT max(number) FROM attempts l
                    WHERE l.organization_id = d.organization_id AND l.delivery_id = d.delivery_id)
            WHERE d.organization_id = $1 AND d.event_id = $2 ORDER BY d.channel_id
            """, [SQLValue(organization), SQLValue(event.id)]
        ) { row in ChannelOutcome(row, event: event) }
    }
}

extension ChannelOutcome {
    fileprivate init(_ row: any SQLRow, event: Event) {
        let state = DeliveryState(rawValue: row.text(4)) ?? .failed
        let reason = row.optionalText(5)
        let story = DeliveryStory(
            state: state, reason: reason, attempts: Int(row.integer(6)), dueAt: row.time(7), updatedAt: row.time(8),
            receivedAt: event.receivedAt, lastFinding: row.optionalText(9))
        self.init(
            channelID: row.id(1), channelName: row.text(2), kind: row.text(3), deliveryID: row.id(0), state: state,
            reason: reason, text: story.text)
    }
}

extension Event {
    /// The columns `event_id, sequence, payload, received_at`.
    init(_ row: any SQLRow, of organization: OrganizationID) throws(RepositoryError) {
        self.init(
            id: row.id(0), organizationID: organization, sequence: row.integer(1),
            content: try EventContent(stored: row.text(2)), receivedAt: row.time(3))
    }
}

extension EventContent {
    /// Reads a payload that was accepted before.
    init(stored text: String) throws(RepositoryError) {
        guard let json = try? JSONValue.parse(text.utf8), let content = try? EventContent(stored: json) else {
            throw .unavailable("a stored event cannot be read")
        }
        self = content
    }
}
