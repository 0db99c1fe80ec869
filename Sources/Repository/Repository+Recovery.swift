import Notifications

extension Repository {
    /// A delivery during which the process died so often in a row is suspected: it may be what kills it.
    fileprivate static let interruptionsOfSuspects: Int64 = 2
    /// How long suspects wait, and then go one after the other. What was under way with them goes at once, so that a
    /// suspect that kills the process is the only one under way when that dies once more: then it is parked. One that
    /// merely met several kills has its chance as soon as the process lives for longer than that.
    package static let quarantine = Duration.seconds(5)
    fileprivate static let pauseBetweenSuspects = Duration.milliseconds(50)

    /// At the start of the only process there is: makes due again what an earlier one had claimed; all queues that have
    /// something due, now or later.
    package func begin() async throws(RepositoryError) -> [DueQueue] {
        try await database.write { [now, scheduled] connection throws(RepositoryError) in
            let due = scheduled()
            _ = try connection.takeBack(
                leasesBefore: Timestamp(microseconds: .max), exceptOf: nil, at: now(), due: due)
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
        try await database.write { [now, scheduled] connection throws(RepositoryError) in
            let due = scheduled()
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
            return try connection.takeBack(leasesBefore: due, exceptOf: owner, at: now(), due: due) > 0
                ? try connection.dueQueues() : []
        }
    }

    /// Forgets idempotency keys that have expired, at most `limit` at a time; how many they were.
    package func forgetIdempotencyKeys(limit: Int) async throws(RepositoryError) -> Int {
        let at = now()
        return try await database.write { connection throws(RepositoryError) in
            // By their keys: with a subquery for both columns, SQLite reads all keys of each organization.
            let expired = try connection.rows(
                "SELECT organization_id, key FROM idempotency_keys WHERE expires_at < $1 LIMIT $2",
                [SQLValue(at), SQLValue(limit)]
            ) { row in [SQLValue(row.integer(0)), SQLValue(row.text(1))] }
            try connection.executeMany("DELETE FROM idempotency_keys WHERE organization_id = $1 AND key = $2", expired)
            return expired.count
        }
    }

    fileprivate static let interruption = "Runbell stopped during this attempt; it may or may not have been sent."
}

extension SQLConnection {
    /// Makes due again what was claimed with a lease that ends before `limit`, by anybody but `owner`; how many
    /// deliveries. An attempt that was interrupted does not count in the retry schedule: the receiver did not fail.
    fileprivate func takeBack(
        leasesBefore limit: Timestamp, exceptOf owner: String?, at: Timestamp, due: Timestamp
    ) throws(RepositoryError) -> Int {
        try execute(
            """
            INSERT INTO attempts (organization_id, delivery_id, number, started_at, duration, verdict, finding_code,
                finding_text)
            SELECT organization_id, delivery_id, attempts, updated_at, 0, 'interrupted', 'interrupted', $2
            FROM deliveries WHERE state = 'claimed' AND lease_until < $1 AND lease_owner IS NOT $3
            ON CONFLICT DO NOTHING
            """, [SQLValue(limit), SQLValue(Repository.interruption), SQLValue(owner)])
        let rows = try rows(
            """
            SELECT organization_id, delivery_id, interruptions, due_at FROM deliveries
            WHERE state = 'claimed' AND lease_until < $1 AND lease_owner IS NOT $2
            """, [SQLValue(limit), SQLValue(owner)]
        ) { row in Interrupted(row) }
        let isOneSuspect = rows.count(where: \.isSuspect) == 1
        try executeMany(
            """
            UPDATE deliveries SET interruptions = $3, updated_at = $4, due_at = $5, state = $6, reason = $7,
                lease_owner = NULL, lease_until = NULL, attempts_before = attempts_before + 1
            WHERE organization_id = $1 AND delivery_id = $2
            """, rows.map { $0.values(at: at, due: due, isParked: $0.isSuspect && isOneSuspect) })
        return rows.count
    }

    /// Whatever kept this side from sending may be over, and the settings may be others now.
    fileprivate func endLocalHolds() throws(RepositoryError) {
        try execute(
            """
            UPDATE channel_health SET held_until = 0, held_code = NULL, held_text = NULL
            WHERE held_code >= 'local.' AND held_code < 'local/'
            """, [])
    }

    /// Suspects go one after the other, behind the quarantine.
    fileprivate func lineUpSuspects(at: Timestamp) throws(RepositoryError) {
        let suspects = try rows(
            """
            SELECT organization_id, delivery_id FROM deliveries WHERE state = 'due' AND interruptions >= 2
            ORDER BY due_at, organization_id, channel_id, delivery_id
            """, []
        ) { row in (OrganizationID(row.integer(0)), row.id(1) as DeliveryID) }
        try executeMany(
            "UPDATE deliveries SET due_at = $3 WHERE organization_id = $1 AND delivery_id = $2",
            suspects.enumerated().map { place, suspect in
                let pause = Repository.quarantine + Repository.pauseBetweenSuspects * place
                return [SQLValue(suspect.0), SQLValue(suspect.1), SQLValue(at + pause)]
            })
    }

    /// Every queue that has something due, now or later, with the time of its first.
    fileprivate func dueQueues() throws(RepositoryError) -> [DueQueue] {
        try rows(
            """
            SELECT d.organization_id, d.channel_id, d.due_at, c.host
            FROM (
                SELECT organization_id, channel_id, min(due_at) AS due_at FROM deliveries
                WHERE state = 'due' AND waits_for IS NULL
                GROUP BY organization_id, channel_id) d
            LEFT JOIN channels c ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
            """, []
        ) { row in
            DueQueue(
                queue: ChannelQueue(organizationID: row.number(0), channelID: row.id(1)), host: row.optionalText(3),
                dueAt: row.time(2))
        }
    }
}

/// A delivery that was under way when its process died, or when its lease ended.
private struct Interrupted {
    let organization: OrganizationID
    let delivery: DeliveryID
    /// In a row, before this one.
    let interruptions: Int64
    let dueAt: Timestamp

    init(_ row: any SQLRow) {
        organization = row.number(0)
        delivery = row.id(1)
        interruptions = row.integer(2)
        dueAt = row.time(3)
    }

    var isSuspect: Bool { interruptions >= Repository.interruptionsOfSuspects }

    /// For the statement that takes it back. What was interrupted once goes first, where it stood.
    func values(at: Timestamp, due: Timestamp, isParked: Bool) -> [SQLValue] {
        let count = isParked ? interruptions + 1 : min(interruptions + 1, Repository.interruptionsOfSuspects)
        let isSuspect = count >= Repository.interruptionsOfSuspects
        return [
            SQLValue(organization), SQLValue(delivery), SQLValue(count), SQLValue(at),
            SQLValue(isSuspect ? due + Repository.quarantine : min(dueAt, due)),
            SQLValue((isParked ? DeliveryState.failed : .due).rawValue), SQLValue(isParked ? "poison" : "interrupted"),
        ]
    }
}
