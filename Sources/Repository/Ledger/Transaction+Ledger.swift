import Notifications

/// The ledger's queries. Each reads a bounded number of rows through an index.
extension Transaction {
    /// Events and, as far as whole events allow, deliveries counted in one piece, which takes a few milliseconds.
    private static let piece: (events: Int, deliveries: Int64) = (1000, 1000)
    /// Totals added up in one piece.
    private static let totalsAtOnce = 2000

    func ledgerMark() throws(RepositoryError) -> LedgerMark {
        try connection.row(
            "SELECT event_sequence, pruned_events FROM organizations WHERE organization_id = $1",
            [SQLValue(organization)]
        ) { row in LedgerMark(sequence: row.integer(0), pruned: row.integer(1)) } ?? LedgerMark(sequence: 0, pruned: 0)
    }

    /// The totals that begin there, if any; otherwise the rows up to the next totals.
    func piece(from first: EventID, of walk: LedgerWalk) throws(RepositoryError) -> LedgerPiece {
        let mark = try ledgerMark()
        guard walk.span.isWhole else { return try counted(from: first, before: walk.span.behind, walk, mark) }
        let totals = try totals(from: first)
        guard let next = totals.first, next.first == first else {
            return try counted(from: first, before: totals.first?.first ?? walk.span.behind, walk, mark)
        }
        var (sum, behind) = (LedgerCount(), first)
        for one in totals {
            guard one.first == behind else { break }
            (sum, behind) = (sum + one.count, one.behind)
        }
        return LedgerPiece(
            first: first, behind: behind, count: sum, fromTotals: sum.events, isOpen: false, mark: mark)
    }

    private func counted(
        from first: EventID, before end: EventID, _ walk: LedgerWalk, _ mark: LedgerMark
    ) throws(RepositoryError) -> LedgerPiece {
        let behind = try place(from: first, before: end)
        return LedgerPiece(
            first: first, behind: behind ?? end,
            count: try count(from: first, before: behind ?? end, upTo: walk.start.sequence),
            isOpen: behind == nil && end == walk.span.behind, mark: mark)
    }

    /// The position after the last event of a piece; nil if everything up to the end fits into one.
    private func place(from first: EventID, before end: EventID) throws(RepositoryError) -> EventID? {
        let events = try connection.rows(
            """
            SELECT event_id, channels FROM events WHERE organization_id = $1 AND event_id >= $2 AND event_id < $3
            ORDER BY event_id LIMIT \(Self.piece.events)
            """, [SQLValue(organization), SQLValue(first), SQLValue(end)]
        ) { row in (id: row.id(0) as EventID, channels: row.integer(1)) }
        var deliveries: Int64 = 0
        for event in events {
            deliveries += event.channels
            if deliveries >= Self.piece.deliveries { return event.id.successor }
        }
        return events.count < Self.piece.events ? nil : events.last?.id.successor
    }

    /// Compares each event between the two positions with its deliveries. Events above `sequence` are not counted,
    /// unless the organization has not had that many: then they were never accepted.
    func count(
        from first: EventID, before end: EventID, upTo sequence: Int64
    ) throws(RepositoryError) -> LedgerCount {
        let values = [SQLValue(organization), SQLValue(first), SQLValue(end)]
        let newest = try ledgerMark().sequence
        let events = try connection.rows(
            """
            SELECT event_id, channels, sequence FROM events
            WHERE organization_id = $1 AND event_id >= $2 AND event_id < $3 ORDER BY event_id
            """, values
        ) { row in
            let isCounted = row.integer(2) <= sequence || row.integer(2) > newest
            return LedgerEvent(id: row.id(0), channels: row.integer(1), isCounted: isCounted)
        }
        var count = LedgerCount(events: events, deliveries: try deliveries(values))
        count.isSettling = try isSettling()
        return count
    }

    private func deliveries(_ values: [SQLValue]) throws(RepositoryError) -> [EventID: DeliveryCounts] {
        let sums = DeliveryState.allCases.map { "count(*) FILTER (WHERE seen = '\($0.rawValue)')" }.joined(
            separator: ", ")
        let found = try connection.rows(
            """
            SELECT event_id, \(sums) FROM (
                SELECT d.event_id, \(try isSettling() ? Settlement.state : "d.state") AS seen
                FROM \(try isSettling() ? Delivery.table : "deliveries d")
                WHERE d.organization_id = $1 AND d.event_id >= $2 AND d.event_id < $3) counted
            GROUP BY event_id ORDER BY event_id
            """, values
        ) { row -> (EventID, DeliveryCounts) in
            var counts = DeliveryCounts()
            for (column, state) in DeliveryState.allCases.enumerated() { counts[state] = row.integer(column + 1) }
            return (row.id(0), counts)
        }
        return Dictionary(uniqueKeysWithValues: found)
    }
}

extension Transaction {
    private typealias Totals = (first: EventID, behind: EventID, count: LedgerCount)

    private func totals(from first: EventID) throws(RepositoryError) -> [Totals] {
        try connection.rows(
            """
            SELECT first_event, behind, events, expected, delivered, failed, skipped, cancelled FROM ledger_totals
            WHERE organization_id = $1 AND first_event >= $2 AND events IS NOT NULL
            ORDER BY first_event LIMIT \(Self.totalsAtOnce)
            """, [SQLValue(organization), SQLValue(first)]
        ) { row in
            var count = LedgerCount()
            count.events = row.integer(2)
            count.expected = row.integer(3)
            for (column, state) in Self.closedStates.enumerated() { count.deliveries[state] = row.integer(column + 4) }
            return (row.id(0), row.id(1), count)
        }
    }

    private static let closedStates: [DeliveryState] = [.delivered, .failed, .skipped, .cancelled]

    /// Inserts a row without counts, which a trigger deletes on any change in this stretch. Deletes overlapping rows.
    func announceTotals(of piece: LedgerPiece, token: String) throws(RepositoryError) {
        let place = [SQLValue(organization), SQLValue(piece.first), SQLValue(piece.behind)]
        try connection.execute(
            "DELETE FROM ledger_totals WHERE organization_id = $1 AND first_event >= $2 AND first_event < $3", place)
        try connection.execute(
            """
            DELETE FROM ledger_totals WHERE organization_id = $1 AND behind > $2 AND first_event = (
                SELECT t.first_event FROM ledger_totals t WHERE t.organization_id = $1 AND t.first_event < $2
                ORDER BY t.first_event DESC LIMIT 1)
            """, [SQLValue(organization), SQLValue(piece.first)])
        try connection.execute(
            "INSERT INTO ledger_totals (organization_id, first_event, behind, token) VALUES ($1, $2, $3, $4)",
            place + [SQLValue(token)])
    }

    func keep(_ count: LedgerCount, of piece: LedgerPiece, token: String) throws(RepositoryError) {
        let counts = [count.events, count.expected] + Self.closedStates.map { count.deliveries[$0] }
        try connection.execute(
            """
            UPDATE ledger_totals SET events = $4, expected = $5, delivered = $6, failed = $7, skipped = $8, cancelled = $9
            WHERE organization_id = $1 AND first_event = $2 AND token = $3
            """,
            [SQLValue(organization), SQLValue(piece.first), SQLValue(token)] + counts.map { .integer($0) })
    }
}
