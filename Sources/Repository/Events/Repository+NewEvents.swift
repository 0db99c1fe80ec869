import Notifications

extension Repository {
    /// The sequence of the organization's newest event; 0 before the first.
    package func newestEvent(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Int64 {
        try await look(organization, .read, "events.list", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            try transaction.connection.row(
                "SELECT event_sequence FROM organizations WHERE organization_id = $1", [SQLValue(organization)]
            ) { row in row.integer(0) } ?? 0
        }
    }

    /// The events after a sequence, oldest first, and at most `limit` of them. None is left out between two calls: an
    /// event gets its sequence in the transaction that stores it.
    package func events(
        after sequence: Int64, limit: Int, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> [Event] {
        try await look(organization, .read, "events.list", as: principal) { transaction throws(RepositoryError) in
            try transaction.connection.rows(
                """
                SELECT \(Event.columns) FROM events
                WHERE organization_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
                """, [SQLValue(organization), .integer(sequence), SQLValue(limit)]
            ) { row in Event(row, of: organization) }
        }
    }
}
