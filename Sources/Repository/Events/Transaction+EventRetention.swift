import Notifications

/// An event that is old enough to delete.
struct OldEvent: Sendable {
    let id: EventID
    /// None of its deliveries can still be sent.
    let isSettled: Bool
}

/// Consecutive old events, and whether there are none behind them.
struct OldEvents: Sendable {
    let events: [OldEvent]
    let isEnd: Bool
}

/// The deliveries of an event are found by the index of (organization, event, channel).
extension Transaction {
    /// Events examined at once.
    private static let eventsAtOnce = 200

    /// A delivery `d` that may still be sent.
    private static let isUnderWay = """
        d.state IN ('due', 'claimed') AND NOT (d.state = 'due' AND EXISTS (
            SELECT 1 FROM channels c WHERE c.organization_id = d.organization_id AND c.channel_id = d.channel_id
                AND c.state = 'paused'))
        """

    /// Events with about as many deliveries as one transaction deletes: each has to be looked at, and may have a thousand.
    func oldEvents(after cursor: EventID) throws(RepositoryError) -> OldEvents {
        let days = try Organization.get(organization, on: connection).retentionDays
        let limit = EventID.lowest(at: at - .seconds(86_400 * days))
        let found = try connection.rows(
            """
            SELECT event_id, channels FROM events WHERE organization_id = $1 AND event_id > $2 AND event_id < $3
            ORDER BY event_id LIMIT \(Self.eventsAtOnce)
            """, [SQLValue(organization), SQLValue(cursor), SQLValue(limit)]
        ) { row in (id: row.id(0) as EventID, deliveries: row.integer(1)) }
        var room = Int64(MaintenanceStore.rowsPrunedAtOnce)
        let some = found.prefix { event in
            defer { room -= event.deliveries }
            return room > 0
        }
        guard let last = some.last else { return OldEvents(events: [], isEnd: true) }
        return OldEvents(
            events: try events(after: cursor, upTo: last.id),
            isEnd: some.count == found.count && found.count < Self.eventsAtOnce)
    }

    private func events(after cursor: EventID, upTo last: EventID) throws(RepositoryError) -> [OldEvent] {
        try connection.rows(
            """
            SELECT e.event_id, CASE WHEN EXISTS (
                SELECT 1 FROM deliveries d WHERE d.organization_id = e.organization_id
                    AND \(PlannerHint.equal("d.event_id", "e.event_id")) AND \(Self.isUnderWay)) THEN 0 ELSE 1 END
            FROM events e WHERE e.organization_id = $1 AND e.event_id > $2 AND e.event_id <= $3
            ORDER BY e.event_id LIMIT \(Self.eventsAtOnce)
            """, [SQLValue(organization), SQLValue(cursor), SQLValue(last)]
        ) { row in OldEvent(id: row.id(0), isSettled: row.integer(1) == 1) }
    }

    func prune(
        _ looked: OldEvents, after cursor: EventID?
    ) throws(RepositoryError) -> RetentionPiece {
        var (room, events, expired) = (MaintenanceStore.rowsPrunedAtOnce, 0, 0)
        var (last, isEnd) = (cursor, looked.isEnd)
        for event in looked.events {
            if event.isSettled, try isStillSettled(event.id) {
                guard room > 0, try prune(event.id, &room, &expired) else {
                    isEnd = false
                    break
                }
                events += 1
            }
            last = event.id
        }
        try count(pruned: events)
        return RetentionPiece(
            rows: MaintenanceStore.rowsPrunedAtOnce - room, events: events, expired: expired,
            next: isEnd ? nil : last ?? .least)
    }

    /// One of its deliveries may have been retried meanwhile.
    private func isStillSettled(_ event: EventID) throws(RepositoryError) -> Bool {
        try connection.row(
            """
            SELECT 1 FROM deliveries d WHERE d.organization_id = $1 AND \(PlannerHint.equal("d.event_id", "$2"))
                AND \(Self.isUnderWay) LIMIT 1
            """, [SQLValue(organization), SQLValue(event)]
        ) { row in row.integer(0) } == nil
    }

    /// False if not all of it fit. The rest is still consistent: attempts are deleted before deliveries, deliveries
    /// before the event, and the event's count of deliveries is updated.
    private func prune(
        _ event: EventID, _ room: inout Int, _ expired: inout Int
    ) throws(RepositoryError) -> Bool {
        let which: [SQLValue] = [SQLValue(organization), SQLValue(event)]
        room -= try connection.execute(
            """
            DELETE FROM attempts WHERE organization_id = $1 AND (delivery_id, number) IN (
                SELECT a.delivery_id, a.number FROM deliveries d \(PlannerHint.joinInOrder) attempts a
                WHERE d.organization_id = $1 AND \(PlannerHint.equal("d.event_id", "$2")) AND a.organization_id = $1
                    AND a.delivery_id = d.delivery_id LIMIT $3)
            """, which + [SQLValue(room)])
        guard room > 0 else { return false }
        let states = try connection.rows(
            """
            DELETE FROM deliveries WHERE organization_id = $1 AND delivery_id IN (
                SELECT delivery_id FROM deliveries
                WHERE organization_id = $1 AND \(PlannerHint.equal("event_id", "$2")) LIMIT $3)
            RETURNING state
            """, which + [SQLValue(room)]
        ) { row in row.text(0) }
        room -= states.count
        expired += states.count { $0 == DeliveryState.due.rawValue }
        guard room > 0 else {
            try connection.execute(
                "UPDATE events SET channels = channels - $3 WHERE organization_id = $1 AND event_id = $2",
                which + [SQLValue(states.count)])
            return false
        }
        room -= try connection.execute("DELETE FROM events WHERE organization_id = $1 AND event_id = $2", which)
        return true
    }

    /// Together with the remaining events, these make up the organization's sequence.
    private func count(pruned events: Int) throws(RepositoryError) {
        guard events > 0 else { return }
        try connection.execute(
            "UPDATE organizations SET pruned_events = pruned_events + $2 WHERE organization_id = $1",
            [SQLValue(organization), SQLValue(events)])
    }
}
