import Notifications

extension DeliveryStore {
    /// A delivery during which the process died so often in a row is suspected: it may be what kills it.
    static let interruptionsOfSuspects: Int64 = 2
    /// How long suspects wait, and then go one after the other. What was under way with them goes at once, so that a
    /// suspect that kills the process is the only one under way when that dies once more: then it is parked. One that
    /// merely met several kills has its chance as soon as the process lives for longer than that.
    package static let quarantine = Duration.seconds(5)
    static let pauseBetweenSuspects = Duration.milliseconds(50)

    /// At the start of a process: makes due again what a process of the same name had claimed, which must be dead by now, and
    /// what anybody else had whose lease has ended; all queues that have something due, now or later.
    ///
    /// - Parameter owner: the name of this process in the leases. Where only one process at a time may have the database, it
    ///   is the same at every start: then nothing of a dead one waits for the end of its lease.
    package func begin(as owner: String) async throws(RepositoryError) -> [DueQueue] {
        try await context.database.write { [context] connection throws(RepositoryError) in
            let due = context.scheduled()
            _ = try connection.takeBack(.endedOrOf(owner), at: context.now(), due: due)
            try connection.lineUpSuspects(at: due)
            try connection.endLocalHolds()
            return try connection.dueQueues()
        }
    }

    /// Renews leases that are still needed, and makes due again those of other processes that have ended; the queues that
    /// have something due, when there were any such.
    ///
    /// What `owner` holds itself is never taken back, whatever its leases say: it knows what it is sending, and when the
    /// writer stalls, the renewals come late and not the deliveries. Only its death frees them (`begin`).
    package func sweep(
        renewing deliveries: [ClaimedDelivery], lease: Duration, by owner: String
    ) async throws(RepositoryError) -> [DueQueue] {
        try await context.database.write { [context] connection throws(RepositoryError) in
            let due = context.scheduled()
            try connection.executeMany(
                """
                UPDATE deliveries SET lease_until = $4
                WHERE organization_id = $1 AND delivery_id = $2 AND fencing_token = $3 AND state = 'claimed'
                """,
                deliveries.map {
                    [
                        SQLValue($0.queue.organizationID), SQLValue($0.id), SQLValue($0.fencingToken),
                        SQLValue(due + lease),
                    ]
                })
            return try connection.takeBack(.endedButOf(owner), at: context.now(), due: due) > 0
                ? try connection.dueQueues() : []
        }
    }

    static let interruption = "Runbell stopped during this attempt; it may or may not have been sent."
}
