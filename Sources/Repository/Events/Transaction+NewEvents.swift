import Notifications

/// Rows of new events and their deliveries.
extension Transaction {
    /// How many events the organization has had, and the text of its run link template.
    static let numberOfEvents = "SELECT event_sequence, run_link_template FROM organizations WHERE organization_id = $1"

    static let countingEvents =
        "UPDATE organizations SET event_sequence = event_sequence + $2 WHERE organization_id = $1"

    static let insertingEvent = """
        INSERT INTO events
            (organization_id, event_id, sequence, type, load_test_run_id, payload, received_at, channels,
                load_test_id, project_id, status, search_name, user_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """

    /// The values of `insertingEvent`.
    ///
    /// - Parameter sequence: of the newest event before.
    func rows(of events: [NewEvent], after sequence: Int64) -> [[SQLValue]] {
        events.enumerated().map { number, event in
            let run = event.content.run
            return [
                SQLValue(organization), SQLValue(event.id), SQLValue(sequence + 1 + Int64(number)),
                SQLValue(event.content.type.rawValue), SQLValue(run?.id), SQLValue(event.payload), SQLValue(at),
                SQLValue(event.addressees.count), SQLValue(run?.loadTestID), SQLValue(run?.projectID),
                SQLValue(run?.status.code), SQLValue(run?.searchName), SQLValue(event.userName),
            ]
        }
    }

    static let insertingDelivery = """
        INSERT INTO deliveries
            (organization_id, delivery_id, event_id, channel_id, state, reason, due_at, created_at, updated_at,
                generation, attempts, fencing_token, lease_owner, lease_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $10, $11, $12)
        """

    /// The values of `insertingDelivery`.
    func rows(of deliveries: [NewDelivery], of event: EventID) -> [[SQLValue]] {
        deliveries.map { delivery in
            let addressee = delivery.addressee
            return [
                SQLValue(organization), SQLValue(delivery.id), SQLValue(event), SQLValue(addressee.channel),
                SQLValue(delivery.state.rawValue), SQLValue(addressee.reasonToSkip?.rawValue), SQLValue(due),
                SQLValue(at), SQLValue(addressee.generation), SQLValue(delivery.claim?.attempt ?? 0),
                SQLValue(delivery.lease?.owner), SQLValue(delivery.lease?.until),
            ]
        }
    }

    /// Stores an event of the service's own, with one delivery.
    func insert(_ content: EventContent, to addressee: Addressee) throws(RepositoryError) {
        let sequence = try connection.row(Self.numberOfEvents, [SQLValue(organization)]) { row in row.integer(0) }
        guard let sequence else { throw .organizationNotFound }
        let event = NewEvent(
            id: EventID(at: at), content: content, payload: content.json.compactText, userName: nil,
            addressees: [addressee])
        let delivery = NewDelivery(id: DeliveryID(at: at), addressee: addressee)
        try connection.together([
            SQLStep(Self.countingEvents, [[SQLValue(organization), 1]]),
            SQLStep(Self.insertingEvent, rows(of: [event], after: sequence)),
            SQLStep(Self.insertingDelivery, rows(of: [delivery], of: event.id)),
        ])
    }
}

extension LoadTestRun {
    /// What a list is searched by.
    fileprivate var searchName: String { name.prefix(bytes: 500).lowercased() }
}
