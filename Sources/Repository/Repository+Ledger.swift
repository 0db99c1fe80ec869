import Notifications

extension Repository {
    /// What was accepted against what there is. With `since` or `until`, of the events received in that span.
    package func ledger(
        of organization: OrganizationID, since: Timestamp?, until: Timestamp?, as principal: Principal
    ) async throws(RepositoryError) -> Ledger {
        try await look(organization, .administer, "ledger.read", as: principal) { transaction throws(RepositoryError) in
            try transaction.ledger(LedgerSpan(since: since, until: until))
        }
    }

    /// The ledgers of all organizations, by their numbers; operator only. Each of them is one consistent state, and a
    /// read of its own, so that a long list does not hold up the database's checkpoints.
    package func ledgers(page: PageRequest, as principal: Principal) async throws(RepositoryError) -> Page<Ledger> {
        guard principal == .operator else { try await refuseLedgers(principal) }
        let (vault, at) = (vault, now())
        let organizations = try await organizations(page)
        var ledgers: [Ledger] = []
        for organization in organizations.prefix(page.limit) {
            let ledger = try await database.read(.long(of: organization)) { connection throws(RepositoryError) in
                let transaction = Transaction(
                    connection: connection, vault: vault, at: at, organization: organization, principal: principal)
                return try transaction.ledger(LedgerSpan(since: nil, until: nil))
            }
            ledgers.append(ledger)
        }
        let isEnd = organizations.count <= page.limit
        return Page(
            items: ledgers, next: isEnd ? nil : ledgers.last.map { Cursor(position: $0.organizationID.description) })
    }

    /// One more than the page takes, if there is one.
    private func organizations(_ page: PageRequest) async throws(RepositoryError) -> [OrganizationID] {
        let last = try page.sequence()
        return try await database.read(.long(of: nil)) { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT organization_id FROM organizations WHERE organization_id \(last == nil ? ">=" : ">") $1
                ORDER BY organization_id LIMIT $2
                """, [SQLValue(last ?? .min), SQLValue(page.limit + 1)]
            ) { row in row.number(0) }
        }
    }

    /// Whoever is not the operator is refused with an entry in the audit log of their own organization.
    private func refuseLedgers(_ principal: Principal) async throws(RepositoryError) -> Never {
        if let home = principal.organizationID {
            try await change(home, .operate, "ledger.read", as: principal) { _ throws(RepositoryError) in }
        }
        throw .forbidden(Permission.operate.requirement)
    }
}

/// Events between two moments, by their ids: ids sort by the moment at which the event came in.
private struct LedgerSpan: Sendable {
    let isWhole: Bool
    let first: String
    let behind: String

    init(since: Timestamp?, until: Timestamp?) {
        isWhole = since == nil && until == nil
        first = since.map { EventID.lowest(at: $0).text } ?? ""
        behind = until.map { EventID.lowest(at: $0).text } ?? "g"
    }
}

extension Transaction {
    fileprivate func ledger(_ span: LedgerSpan) throws(RepositoryError) -> Ledger {
        let totals = try eventTotals(span)
        let counts = try counts(span)
        var breaks = try wrongCounts(span)
        if counts.sum != totals.found { breaks += try deliveriesWithoutEvent(span) }
        if span.isWhole { breaks += try sequenceBreaks(events: totals.events) }
        return Ledger(
            organizationID: organization, events: totals.events, expected: totals.expected, deliveries: counts,
            breaks: breaks)
    }
}

/// Each is one pass over an index; a million deliveries take about two seconds in all, beside the traffic.
extension Transaction {
    private func values(_ span: LedgerSpan) -> [SQLValue] {
        [SQLValue(organization), SQLValue(span.first), SQLValue(span.behind)]
    }

    /// `found` counts the events' deliveries alone, whatever else there is.
    private struct EventTotals {
        var events: Int64 = 0
        var expected: Int64 = 0
        var found: Int64 = 0
    }

    /// For each event its deliveries are counted in the index that keeps them unique.
    private static let counted = """
        SELECT e.event_id, e.channels, (
            SELECT count(*) FROM deliveries d WHERE d.organization_id = $1 AND d.event_id = e.event_id) AS found
        FROM events e WHERE e.organization_id = $1 AND e.event_id >= $2 AND e.event_id < $3
        """

    private func eventTotals(_ span: LedgerSpan) throws(RepositoryError) -> EventTotals {
        try connection.row(
            "SELECT count(*), coalesce(sum(channels), 0), coalesce(sum(found), 0) FROM (\(Self.counted))", values(span)
        ) { row in EventTotals(events: row.integer(0), expected: row.integer(1), found: row.integer(2)) }
            ?? EventTotals()
    }

    /// The whole table is read in its own order; a span by the index, which leads to a look-up for each.
    private func counts(_ span: LedgerSpan) throws(RepositoryError) -> DeliveryCounts {
        let sums = DeliveryState.allCases.map { "coalesce(sum(state = '\($0.rawValue)'), 0)" }.joined(separator: ", ")
        let place = span.isWhole ? "" : "AND event_id >= $2 AND event_id < $3"
        let found = try connection.row(
            "SELECT \(sums) FROM deliveries WHERE organization_id = $1 \(place)",
            span.isWhole ? [SQLValue(organization)] : values(span)
        ) { row in
            var counts = DeliveryCounts()
            for (column, state) in DeliveryState.allCases.enumerated() { counts[state] = row.integer(column) }
            return counts
        }
        return found ?? DeliveryCounts()
    }

    private func wrongCounts(_ span: LedgerSpan) throws(RepositoryError) -> [LedgerBreak] {
        try connection.rows(
            """
            SELECT event_id, channels, found FROM (\(Self.counted)) WHERE found <> channels
            ORDER BY event_id LIMIT \(Ledger.breaksShown)
            """, values(span)
        ) { row in .deliveries(of: row.id(0), expected: row.integer(1), found: row.integer(2)) }
    }

    private func deliveriesWithoutEvent(_ span: LedgerSpan) throws(RepositoryError) -> [LedgerBreak] {
        try connection.rows(
            """
            SELECT d.event_id, count(*) FROM deliveries d
            WHERE d.organization_id = $1 AND d.event_id >= $2 AND d.event_id < $3 AND NOT EXISTS (
                SELECT 1 FROM events e WHERE e.organization_id = $1 AND e.event_id = d.event_id)
            GROUP BY d.event_id ORDER BY d.event_id LIMIT \(Ledger.breaksShown)
            """, values(span)
        ) { row in .noEvent(row.id(0), found: row.integer(1)) }
    }

    private func sequenceBreaks(events: Int64) throws(RepositoryError) -> [LedgerBreak] {
        let expected = try connection.row(
            "SELECT event_sequence - pruned_events FROM organizations WHERE organization_id = $1",
            [SQLValue(organization)]
        ) { row in row.integer(0) }
        guard let expected, expected != events else { return [] }
        return [.sequence(expected: expected, found: events)]
    }
}
