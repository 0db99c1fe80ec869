import Notifications

extension SQLConnection {
    /// Makes due again what a node that is gone had claimed and returns how many deliveries. An interrupted attempt does
    /// not count in the retry schedule, since the receiver did not fail. What killed the node is looked for among what
    /// that node had in flight.
    func takeBack(from node: String, at: Timestamp, due: Timestamp) throws(RepositoryError) -> Int {
        try execute(
            """
            INSERT INTO attempts (organization_id, delivery_id, number, started_at, duration, verdict, finding_code,
                finding_text)
            SELECT organization_id, delivery_id, attempts, updated_at, 0, 'interrupted', 'interrupted', $2
            FROM deliveries WHERE \(Self.isHeld)
            ON CONFLICT DO NOTHING
            """, [SQLValue(node), SQLValue(DeliveryStore.interruption)])
        let rows = try rows(
            """
            SELECT organization_id, delivery_id, interruptions, due_at FROM deliveries WHERE \(Self.isHeld)
            """, [SQLValue(node)]
        ) { row in InterruptedDelivery(row) }
        let isOneSuspect = rows.count(where: \.isSuspect) == 1
        try executeMany(
            """
            UPDATE deliveries SET interruptions = $3, updated_at = $4, due_at = $5, state = $6, reason = $7,
                lease_owner = NULL, lease_until = NULL, attempts_before = attempts_before + 1
            WHERE organization_id = $1 AND delivery_id = $2
            """, rows.map { $0.values(at: at, due: due, isParked: $0.isSuspect && isOneSuspect) })
        return rows.count
    }

    /// For a delivery that the node `$1` has claimed. There are few of all nodes, in the index of `lease_until`.
    static var isHeld: String { "state = 'claimed' AND lease_until >= 0 AND lease_owner = $1" }

    /// Local problems may be over, and the settings may have changed.
    func endLocalHolds() throws(RepositoryError) {
        try execute(
            """
            UPDATE channel_health SET held_until = 0, held_code = NULL, held_text = NULL
            WHERE held_code >= 'local.' AND held_code < 'local/'
            """, [])
    }

    /// Suspects go in groups once the quarantine is over: those whose group was interrupted first, each alone. Where other
    /// nodes are alive, those that are about to go keep their time: nodes that die one after the other must not hold them
    /// up for ever.
    func lineUpSuspects(at: Timestamp, isAlone: Bool) throws(RepositoryError) {
        let suspects = try rows(
            """
            SELECT organization_id, delivery_id, interruptions FROM deliveries
            WHERE state = 'due' AND interruptions >= 2 AND (due_at <= $1 OR due_at >= $2)
            ORDER BY interruptions DESC, due_at, organization_id, channel_id, delivery_id
            """, [SQLValue(at), SQLValue(isAlone ? at : at + DeliveryStore.quarantine)]
        ) { row in (row.number(0) as OrganizationID, row.id(1) as DeliveryID, row.integer(2)) }
        let alone = suspects.prefix { $0.2 > DeliveryStore.interruptionsOfSuspects }.count
        try executeMany(
            "UPDATE deliveries SET due_at = $3 WHERE organization_id = $1 AND delivery_id = $2",
            suspects.enumerated().map { place, suspect in
                let group = place < alone ? place : alone + (place - alone) / DeliveryStore.groupOfSuspects
                let pause = DeliveryStore.quarantine + DeliveryStore.pauseBetweenGroups * group
                return [SQLValue(suspect.0), SQLValue(suspect.1), SQLValue(at + pause)]
            })
    }

    /// Every queue that has something due, now or later, with the time of its first delivery. Goes from queue to queue in
    /// the index of due deliveries, so that it costs what there are of queues, however much is due at them.
    func dueQueues() throws(RepositoryError) -> [DueQueue] {
        try rows(Self.queuesWithSomethingDue, []) { row in
            row.isNull(2)
                ? nil
                : DueQueue(
                    queue: ChannelQueue(organizationID: row.number(0), channelID: row.id(1)), host: row.optionalText(3),
                    dueAt: row.time(2))
        }.compactMap { $0 }
    }

    /// The last of each recursion is null.
    private static var queuesWithSomethingDue: String {
        """
        WITH RECURSIVE organization (id) AS (
            SELECT (SELECT d.organization_id FROM deliveries d WHERE \(isDue) ORDER BY d.organization_id LIMIT 1)
            UNION ALL
            SELECT (
                SELECT d.organization_id FROM deliveries d WHERE \(isDue) AND d.organization_id > organization.id
                ORDER BY d.organization_id LIMIT 1)
            FROM organization WHERE id IS NOT NULL),
        queue (organization_id, channel_id) AS (
            SELECT id, (
                SELECT d.channel_id FROM deliveries d WHERE \(isDue) AND d.organization_id = organization.id
                ORDER BY d.channel_id LIMIT 1)
            FROM organization WHERE id IS NOT NULL
            UNION ALL
            SELECT organization_id, (
                SELECT d.channel_id FROM deliveries d
                WHERE \(isDue) AND d.organization_id = queue.organization_id AND d.channel_id > queue.channel_id
                ORDER BY d.channel_id LIMIT 1)
            FROM queue WHERE channel_id IS NOT NULL)
        SELECT c.organization_id, c.channel_id, (
            SELECT d.due_at FROM deliveries d
            WHERE \(isDue) AND d.organization_id = c.organization_id AND d.channel_id = c.channel_id
                AND d.generation = c.generation
            ORDER BY d.due_at LIMIT 1), c.host
        FROM queue JOIN channels c ON c.organization_id = queue.organization_id AND c.channel_id = queue.channel_id
        """
    }

    private static var isDue: String { "d.state = 'due' AND d.waits_for IS NULL" }
}
