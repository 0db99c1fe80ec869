import Notifications

extension DeliveryStore {
    /// Releases leases whose attempt was interrupted by a shutdown. That counts neither as a crash nor as an attempt in
    /// the retry schedule.
    package func release(_ deliveries: [ClaimedDelivery]) async throws(RepositoryError) {
        try await context.database.write { [context] connection throws(RepositoryError) in
            let (at, due) = (context.now(), context.scheduled())
            try connection.executeMany(
                """
                UPDATE deliveries SET state = 'due', due_at = $5, lease_owner = NULL, lease_until = NULL,
                    interruptions = 0, attempts_before = attempts_before + 1, updated_at = $4
                WHERE organization_id = $1 AND delivery_id = $2 AND fencing_token = $3 AND state = 'claimed'
                """,
                deliveries.map { delivery in
                    [
                        SQLValue(delivery.queue.organizationID), SQLValue(delivery.id),
                        SQLValue(delivery.fencingToken), SQLValue(at), SQLValue(due),
                    ]
                })
        }
    }
}
