import Notifications

extension DeliveryStore {
    /// After this many process deaths in a row during its attempts, a delivery is suspected of causing them.
    static let interruptionsOfSuspects: Int64 = 2
    /// How long suspects wait before they are sent, group by group. Deliveries that were in flight with them go at once,
    /// so only suspects are in flight when the process dies again. Those then go one at a time, and the one that was
    /// the only suspect at a death is parked. A delivery that merely happened to be in flight during several kills gets
    /// its chance once the process lives longer than this.
    package static let quarantine = Duration.seconds(5)
    /// Suspects that are due together. With one at a time, the thousand that two power cuts leave would take a minute.
    static let groupOfSuspects = 16
    static let pauseBetweenGroups = Duration.milliseconds(50)

    /// Called when a process starts. Makes due again whatever an earlier process of the same name had claimed, which
    /// must be dead by now, and other processes' deliveries whose lease has expired. Returns all queues that have
    /// something due, now or later.
    ///
    /// - Parameter owner: this process's name in the leases. Where only one process at a time may use the database, it
    ///   is the same at every start, so nothing of a dead process waits for its lease to expire.
    package func begin(as owner: String) async throws(RepositoryError) -> [DueQueue] {
        try await context.database.write { [context] connection throws(RepositoryError) in
            let due = context.scheduled()
            _ = try connection.takeBack(.endedOrOf(owner), at: context.now(), due: due)
            try connection.lineUpSuspects(at: due)
            try connection.endLocalHolds()
            return try connection.dueQueues()
        }
    }

    /// Renews leases that are still needed, and makes due again other processes' deliveries whose lease has expired.
    /// Returns the queues that have something due, if there were any such deliveries.
    ///
    /// Never takes back what `owner` itself holds, even after the lease has expired. A process knows what it is
    /// sending: when the writer stalls, the renewals are late, not the deliveries. Only its death frees them (`begin`).
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
