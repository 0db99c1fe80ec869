import Notifications

extension Repository {
    /// Compares what was accepted with what is stored. With `since` or `until`, only events received in that span.
    ///
    /// The count proceeds in pieces with pauses in between, each piece on one snapshot of the database. Events received
    /// meanwhile are left out. Totals are kept for stretches that no longer change; `isWhole` deletes them first and
    /// counts everything from the rows.
    package func ledger(
        of organization: OrganizationID, since: Timestamp?, until: Timestamp?, isWhole: Bool = false,
        as principal: Principal
    ) async throws(RepositoryError) -> Ledger {
        let start = try await look(
            organization, .administer, "ledger.read", as: principal, reading: .short
        ) { transaction throws(RepositoryError) in try transaction.ledgerMark() }
        let span = LedgerSpan(since: since, until: until)
        var pace = LedgerPace()
        return try await LedgerCounting(context: context).ledger(
            LedgerWalk(of: organization, span, from: start), isWhole: isWhole, &pace)
    }

    /// The ledgers of all organizations, ordered by number. Operator only.
    package func ledgers(
        page: PageRequest, isWhole: Bool = false, as principal: Principal
    ) async throws(RepositoryError) -> Page<Ledger> {
        guard principal == .operator else { try await refuseLedgers(principal) }
        let organizations = try await organizations(page)
        var ledgers: [Ledger] = []
        var pace = LedgerPace()
        for organization in organizations.prefix(page.limit) {
            let start = try await look(
                organization, .readOrganization, "ledger.read", as: principal, reading: .short
            ) { transaction throws(RepositoryError) in try transaction.ledgerMark() }
            let walk = LedgerWalk(of: organization, LedgerSpan(since: nil, until: nil), from: start)
            ledgers.append(try await LedgerCounting(context: context).ledger(walk, isWhole: isWhole, &pace))
        }
        let isEnd = organizations.count <= page.limit
        return Page(
            items: ledgers, next: isEnd ? nil : ledgers.last.map { Cursor(position: $0.organizationID.description) })
    }

    /// One more organization than the page holds, if there is one.
    private func organizations(_ page: PageRequest) async throws(RepositoryError) -> [OrganizationID] {
        let last = try page.sequence()
        return try await context.database.read(.long(of: nil), in: .wholeService) {
            connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT organization_id FROM organizations WHERE organization_id \(last == nil ? ">=" : ">") $1
                ORDER BY organization_id LIMIT $2
                """, [SQLValue(last ?? .min), SQLValue(page.limit + 1)]
            ) { row in row.number(0) }
        }
    }

    /// Refuses anyone but the operator, with an entry in the audit log of the caller's own organization.
    private func refuseLedgers(_ principal: Principal) async throws(RepositoryError) -> Never {
        if let home = principal.organizationID {
            try await change(home, .operate, "ledger.read", as: principal) { _ throws(RepositoryError) in }
        }
        throw .forbidden(Permission.operate.requirement)
    }
}
