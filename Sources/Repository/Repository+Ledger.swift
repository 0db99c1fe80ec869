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
        return try await ledger(LedgerWalk(of: organization, span, from: start), isWhole: isWhole, &pace)
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
            ledgers.append(try await ledger(walk, isWhole: isWhole, &pace))
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

extension Repository {
    private func ledger(
        _ begun: LedgerWalk, isWhole: Bool, _ pace: inout LedgerPace
    ) async throws(RepositoryError) -> Ledger {
        var walk = begun
        if isWhole { try await dropTotals(of: walk.organization) }
        while let first = walk.next {
            let begin = ContinuousClock.now
            let piece = try await piece(from: first, of: walk)
            walk.take(piece)
            if walk.span.isWhole, piece.mayBeKept { try await keepTotals(of: piece, for: walk) }
            if let rest = pace.rest(after: .now - begin) { try? await Task.sleep(for: rest) }
        }
        return walk.ledger
    }

    private func piece(from first: EventID, of walk: LedgerWalk) async throws(RepositoryError) -> LedgerPiece {
        try await read(.long(of: walk.organization), of: walk) { transaction throws(RepositoryError) in
            try transaction.piece(from: first, of: walk)
        }
    }

    /// Says that the stretch is going to be counted, counts it again, and keeps that count if nothing has touched the
    /// stretch in between: what does takes away what was said, by a trigger. Where there is no room, nothing is kept.
    private func keepTotals(of piece: LedgerPiece, for walk: LedgerWalk) async throws(RepositoryError) {
        let token = RandomToken().reveal()
        do throws(RepositoryError) {
            try await write(of: walk) { transaction throws(RepositoryError) in
                try transaction.announceTotals(of: piece, token: token)
            }
            let again = try await read(.long(of: walk.organization), of: walk) { transaction throws(RepositoryError) in
                try transaction.count(from: piece.first, before: piece.behind, upTo: walk.start.sequence)
            }
            guard again.isClosed else { return }
            try await write(of: walk) { transaction throws(RepositoryError) in
                try transaction.keep(again, of: piece, token: token)
            }
        } catch {
            if error != .noSpace { throw error }
        }
    }

    private func dropTotals(of organization: OrganizationID) async throws(RepositoryError) {
        var dropped = 0
        repeat {
            dropped = try await database.write { connection throws(RepositoryError) in
                try connection.execute(
                    """
                    DELETE FROM ledger_totals WHERE organization_id = $1 AND first_event IN (
                        SELECT first_event FROM ledger_totals WHERE organization_id = $1
                        ORDER BY first_event LIMIT \(Self.rowsPrunedAtOnce))
                    """, [SQLValue(organization)])
            }
        } while dropped > 0
    }

    private func read<Value: Sendable>(
        _ read: DatabaseRead, of walk: LedgerWalk,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let (at, organization) = (now(), walk.organization)
        return try await database.read(read) { connection throws(RepositoryError) in
            try body(transaction(in: organization, at: at, on: connection))
        }
    }

    private func write(
        of walk: LedgerWalk, _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Void
    ) async throws(RepositoryError) {
        let (at, organization) = (now(), walk.organization)
        try await database.write { connection throws(RepositoryError) in
            try body(transaction(in: organization, at: at, on: connection))
        }
    }
}
