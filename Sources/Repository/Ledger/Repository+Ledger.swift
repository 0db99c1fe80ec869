import Notifications

extension Repository {
    /// What was accepted against what there is. With `since` or `until`, of the events received in that span.
    ///
    /// It is counted in pieces, each of them one state of the database, with pauses in between. Events
    /// that come in meanwhile are left out. Of stretches in which nothing happens any more, totals are kept: with
    /// `isWhole` they are dropped first, and everything is counted from the rows.
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

    /// The ledgers of all organizations, by their numbers; operator only.
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

    /// One more than the page takes, if there is one.
    private func organizations(_ page: PageRequest) async throws(RepositoryError) -> [OrganizationID] {
        let last = try page.sequence()
        return try await context.database.read(.long(of: nil)) { connection throws(RepositoryError) in
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
