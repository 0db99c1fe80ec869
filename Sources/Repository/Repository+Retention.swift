import Notifications

/// The housekeeper's side of retention. It is part of the service, so there is no principal.
extension Repository {
    /// How many rows are deleted in one transaction at most: others write in between.
    package static let rowsPrunedAtOnce = 500

    /// Organizations whose oldest event is older than they want to keep.
    package func organizationsWithOldEvents() async throws(RepositoryError) -> [OrganizationID] {
        let at = now()
        return try await database.read { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT o.organization_id FROM organizations o
                WHERE (SELECT e.received_at FROM events e WHERE e.organization_id = o.organization_id
                    ORDER BY e.event_id LIMIT 1) < $1 - o.retention_days * \(Self.microsecondsADay)
                """, [SQLValue(at)]
            ) { row in row.number(0) }
        }
    }

    /// Deletes a piece of an organization's old events behind `cursor`, with their deliveries and attempts; where to go
    /// on, or nil when nothing is left. An event with a delivery that is due or under way stays, however old it is.
    package func pruneEvents(
        of organization: OrganizationID, after cursor: EventID?
    ) async throws(RepositoryError) -> (events: Int, next: EventID?) {
        let (vault, at) = (vault, now())
        return try await database.write { connection throws(RepositoryError) in
            let transaction = Transaction(
                connection: connection, vault: vault, at: at, organization: organization, principal: .operator)
            return try transaction.pruneEvents(after: cursor?.text ?? "")
        }
    }

    static let microsecondsADay: Int64 = 86_400_000_000
}

/// `BETWEEN` one event and itself has SQLite take the index of (organization, event, channel); for `=` it prefers to read
/// all deliveries of the organization, which it takes for ten.
extension Transaction {
    /// Events looked at in one transaction.
    private static let eventsAtOnce = 500

    fileprivate func pruneEvents(after cursor: String) throws(RepositoryError) -> (events: Int, next: EventID?) {
        let days = try Organization.get(organization, on: connection).retentionDays
        let limit = EventID.lowest(at: at - .seconds(86_400 * days)).text
        var room = Repository.rowsPrunedAtOnce
        var (events, last) = (0, EventID(trusted: cursor))
        let looked = try oldEvents(after: cursor, before: limit)
        var isEnd = looked.count < Self.eventsAtOnce
        for (event, isSettled) in looked {
            if isSettled {
                guard room > 0, try prune(event, &room) else {
                    isEnd = false
                    break
                }
                events += 1
            }
            last = event
        }
        try count(pruned: events)
        return (events, isEnd ? nil : last)
    }

    private func oldEvents(
        after cursor: String, before limit: String
    ) throws(RepositoryError) -> [(event: EventID, isSettled: Bool)] {
        try connection.rows(
            """
            SELECT e.event_id, NOT EXISTS (
                SELECT 1 FROM deliveries d WHERE d.organization_id = e.organization_id
                    AND d.event_id BETWEEN e.event_id AND e.event_id AND d.state IN ('due', 'claimed'))
            FROM events e WHERE e.organization_id = $1 AND e.event_id > $2 AND e.event_id < $3
            ORDER BY e.event_id LIMIT \(Self.eventsAtOnce)
            """, [SQLValue(organization), SQLValue(cursor), SQLValue(limit)]
        ) { row in (row.id(0), row.integer(1) == 1) }
    }

    /// False when there was not room for all of it. What is left is consistent also then: attempts go before deliveries,
    /// deliveries before the event, and the event is told how many it has left.
    private func prune(_ event: EventID, _ room: inout Int) throws(RepositoryError) -> Bool {
        let which: [SQLValue] = [SQLValue(organization), SQLValue(event)]
        room -= try connection.execute(
            """
            DELETE FROM attempts WHERE organization_id = $1 AND (delivery_id, number) IN (
                SELECT a.delivery_id, a.number FROM deliveries d CROSS JOIN attempts a
                WHERE d.organization_id = $1 AND d.event_id BETWEEN $2 AND $2 AND a.organization_id = $1
                    AND a.delivery_id = d.delivery_id LIMIT $3)
            """, which + [SQLValue(room)])
        guard room > 0 else { return false }
        let deliveries = try connection.execute(
            """
            DELETE FROM deliveries WHERE organization_id = $1 AND delivery_id IN (
                SELECT delivery_id FROM deliveries
                WHERE organization_id = $1 AND event_id BETWEEN $2 AND $2 LIMIT $3)
            """, which + [SQLValue(room)])
        room -= deliveries
        guard room > 0 else {
            try connection.execute(
                "UPDATE events SET channels = channels - $3 WHERE organization_id = $1 AND event_id = $2",
                which + [SQLValue(deliveries)])
            return false
        }
        room -= try connection.execute("DELETE FROM events WHERE organization_id = $1 AND event_id = $2", which)
        return true
    }

    /// With the events that are left, these are the organization's sequence.
    private func count(pruned events: Int) throws(RepositoryError) {
        guard events > 0 else { return }
        try connection.execute(
            "UPDATE organizations SET pruned_events = pruned_events + $2 WHERE organization_id = $1",
            [SQLValue(organization), SQLValue(events)])
    }
}
