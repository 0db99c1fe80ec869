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
    /// Nil when there is no delivery, and so no state.
    package let deliveryID: DeliveryID?
    package let state: DeliveryState?
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

    /// The event, and what became of it at every channel that there is, and at those that were removed since.
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
