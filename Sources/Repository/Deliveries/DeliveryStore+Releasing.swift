import Notifications

extension DeliveryStore {
    /// Releases what is claimed in a node's name without its knowledge: the commit of the claim succeeded, and its answer
    /// was lost. Returns the queues.
    ///
    /// - Parameters:
    ///   - known: what the node has in flight.
    ///   - age: younger claims may still be on their way to the node.
    package func releaseUnknown(
        of node: String, known: Set<DeliveryID>, age: Duration
    ) async throws(RepositoryError) -> [DueQueue] {
        try await context.database.write(in: .wholeService) { [context] connection throws(RepositoryError) in
            let (at, due) = (context.now(), context.scheduled())
            let unknown = try connection.claims(of: node, before: at - age).filter { !known.contains($0.delivery) }
            try connection.release(unknown.map { ($0.queue, $0.delivery, $0.token) }, at: at, due: due)
            return Set(unknown.map(\.queue)).map { DueQueue(queue: $0, dueAt: due) }
        }
    }

    /// Releases leases whose attempt was interrupted by a shutdown. That counts neither as a crash nor as an attempt in
    /// the retry schedule.
    package func release(_ deliveries: [ClaimedDelivery]) async throws(RepositoryError) {
        try await context.database.write(in: .wholeService) { [context] connection throws(RepositoryError) in
            let (at, due) = (context.now(), context.scheduled())
            try connection.release(deliveries.map { ($0.queue, $0.id, $0.fencingToken) }, at: at, due: due)
        }
    }
}

extension SQLConnection {
    fileprivate func release(
        _ claims: [(queue: ChannelQueue, delivery: DeliveryID, token: Int64)], at: Timestamp, due: Timestamp
    ) throws(RepositoryError) {
        try executeMany(
            """
            UPDATE deliveries SET state = 'due', due_at = $5, lease_owner = NULL, lease_until = NULL,
                interruptions = 0, attempts_before = attempts_before + 1, updated_at = $4
            WHERE organization_id = $1 AND delivery_id = $2 AND fencing_token = $3 AND state = 'claimed'
            """,
            claims.map { claim in
                [
                    SQLValue(claim.queue.organizationID), SQLValue(claim.delivery), SQLValue(claim.token), SQLValue(at),
                    SQLValue(due),
                ]
            })
    }

    fileprivate func claims(
        of node: String, before time: Timestamp
    ) throws(RepositoryError) -> [(queue: ChannelQueue, delivery: DeliveryID, token: Int64)] {
        try rows(
            """
            SELECT organization_id, channel_id, delivery_id, fencing_token FROM deliveries
            WHERE \(Self.isHeld) AND updated_at <= $2
            """, [SQLValue(node), SQLValue(time)]
        ) { row in
            (ChannelQueue(organizationID: row.number(0), channelID: row.id(1)), row.id(2), row.integer(3))
        }
    }
}
