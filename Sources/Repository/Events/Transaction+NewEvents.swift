import Notifications

/// A row of the table of events.
struct StoredEvent {
    let id: EventID
    let content: EventContent
    /// The documented JSON body.
    let payload: String
    /// How many channels there were.
    let channels: Int
    /// The display name of the run's user.
    let userName: String?

    init(_ id: EventID, _ content: EventContent, _ payload: String, channels: Int, userName: String? = nil) {
        self.id = id
        self.content = content
        self.payload = payload
        self.channels = channels
        self.userName = userName
    }
}

/// Rows of new events and their deliveries.
extension Transaction {
    /// Gives the events their places in the organization's sequence. Returns the text of its run link template, which is in
    /// the row that counts them.
    @discardableResult
    func insert(_ events: [StoredEvent]) throws(RepositoryError) -> String? {
        let counted = try connection.row(
            """
            UPDATE organizations SET event_sequence = event_sequence + $2 WHERE organization_id = $1
            RETURNING event_sequence, run_link_template
            """, [SQLValue(organization), SQLValue(events.count)]
        ) { row in (newest: row.integer(0), link: row.optionalText(1)) }
        guard let counted else { throw .organizationNotFound }
        let first = counted.newest - Int64(events.count) + 1
        try connection.executeMany(
            """
            INSERT INTO events
                (organization_id, event_id, sequence, type, load_test_run_id, payload, received_at, channels,
                    load_test_id, project_id, status, search_name, user_name)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            events.enumerated().map { number, event in
                let run = event.content.run
                return [
                    SQLValue(organization), SQLValue(event.id), SQLValue(first + Int64(number)),
                    SQLValue(event.content.type.rawValue), SQLValue(run?.id), SQLValue(event.payload), SQLValue(at),
                    SQLValue(event.channels), SQLValue(run?.loadTestID), SQLValue(run?.projectID),
                    SQLValue(run?.status.code), SQLValue(run?.searchName), SQLValue(event.userName),
                ]
            })
        return counted.link
    }

    /// Each event has its own deliveries.
    func insert(_ deliveries: [[NewDelivery]], of events: [EventID]) throws(RepositoryError) {
        try connection.executeMany(
            """
            INSERT INTO deliveries
                (organization_id, delivery_id, event_id, channel_id, state, reason, due_at, created_at, updated_at,
                    generation, attempts, fencing_token, lease_owner, lease_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $10, $11, $12)
            """,
            zip(events, deliveries).flatMap { event, deliveries in deliveries.map { values(of: $0, event) } })
    }

    private func values(of delivery: NewDelivery, _ event: EventID) -> [SQLValue] {
        let addressee = delivery.addressee
        return [
            SQLValue(organization), SQLValue(delivery.id), SQLValue(event), SQLValue(addressee.channel),
            SQLValue(delivery.state.rawValue), SQLValue(addressee.reasonToSkip?.rawValue), SQLValue(due), SQLValue(at),
            SQLValue(addressee.generation), SQLValue(delivery.claim?.attempt ?? 0), SQLValue(delivery.lease?.owner),
            SQLValue(delivery.lease?.until),
        ]
    }
}

extension LoadTestRun {
    /// What a list is searched by.
    fileprivate var searchName: String { name.prefix(bytes: 500).lowercased() }
}
