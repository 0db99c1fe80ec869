import Notifications

extension MaintenanceStore {
    /// Deletes one piece of an organization's old events after `cursor`, with their deliveries and attempts. An event
    /// with a delivery that is in flight or will be retried stays, however old it is; one that waits at a paused
    /// channel goes.
    ///
    /// Expired events are found outside the write transaction, which deletes only those that may still be deleted.
    package func pruneEvents(
        of organization: OrganizationID, after cursor: EventID?
    ) async throws(RepositoryError) -> RetentionPiece {
        let looked = try await context.read(of: organization) { transaction throws(RepositoryError) in
            try transaction.oldEvents(after: cursor ?? .least)
        }
        guard !looked.events.isEmpty else { return RetentionPiece(rows: 0, events: 0, expired: 0, next: nil) }
        return try await context.serve(organization) { transaction throws(RepositoryError) in
            try transaction.prune(looked, after: cursor)
        }
    }

    /// Ends a visit: the organization is visited again in an hour. The audit log records what expired.
    package func finishPruning(
        of organization: OrganizationID, expired: Int, in calendar: RetentionCalendar
    ) async throws(RepositoryError) {
        try await context.serve(organization) { transaction throws(RepositoryError) in
            try transaction.connection.execute(
                "UPDATE organizations SET \(calendar.dueAt) = $2 WHERE organization_id = $1",
                [SQLValue(organization), SQLValue(transaction.at + RetentionCalendar.pause)])
            guard expired > 0 else { return }
            try transaction.audit(
                "deliveries.expired", "organization:\(organization)",
                [
                    "deliveries": .integer(Int64(expired)),
                    "reason": "Their channel was paused beyond the retention period.",
                ], actor: Transaction.system)
        }
    }
}
