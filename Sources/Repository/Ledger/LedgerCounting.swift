import Notifications

/// Counts a ledger in pieces, for a caller whose permission has been checked.
struct LedgerCounting {
    let context: StoreContext

    func ledger(
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
        try await context.read(.long(of: walk.organization), of: walk.organization) {
            transaction throws(RepositoryError) in
            try transaction.piece(from: first, of: walk)
        }
    }

    /// Announces the stretch, counts it again, and stores that count if the stretch has not changed meanwhile: on any
    /// change a trigger deletes the announcement. On a full disk nothing is stored.
    private func keepTotals(of piece: LedgerPiece, for walk: LedgerWalk) async throws(RepositoryError) {
        let token = RandomToken().reveal()
        do throws(RepositoryError) {
            try await context.serve(walk.organization) { transaction throws(RepositoryError) in
                try transaction.announceTotals(of: piece, token: token)
            }
            let again = try await context.read(.long(of: walk.organization), of: walk.organization) {
                transaction throws(RepositoryError) in
                try transaction.count(from: piece.first, before: piece.behind, upTo: walk.start.sequence)
            }
            guard again.isClosed else { return }
            try await context.serve(walk.organization) { transaction throws(RepositoryError) in
                try transaction.keep(again, of: piece, token: token)
            }
        } catch {
            if error != .noSpace { throw error }
        }
    }

    private func dropTotals(of organization: OrganizationID) async throws(RepositoryError) {
        var dropped = 0
        repeat {
            dropped = try await context.database.write(in: .organization(organization)) {
                connection throws(RepositoryError) in
                try connection.execute(
                    """
                    DELETE FROM ledger_totals WHERE organization_id = $1 AND first_event IN (
                        SELECT first_event FROM ledger_totals WHERE organization_id = $1
                        ORDER BY first_event LIMIT \(MaintenanceStore.rowsPrunedAtOnce))
                    """, [SQLValue(organization)])
            }
        } while dropped > 0
    }
}
