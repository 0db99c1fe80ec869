import Notifications

/// The delivery engine's side of the repository. The engine is part of the service, so there is no principal.
extension Repository {
    /// Takes the lease of up to `limit` due deliveries of each lane, oldest first. A claim is durable before it is
    /// answered: after a crash it shows that the delivery may have been sent.
    package func claim(
        _ requests: [(lane: Lane, limit: Int)], owner: String, lease: Duration
    ) async throws(RepositoryError) -> [LaneClaim] {
        let (vault, at) = (vault, now())
        let requests = requests.map { ClaimRequest(lane: $0.lane, limit: $0.limit) }
        return try await database.write { connection throws(RepositoryError) in
            var claims: [LaneClaim] = []
            for request in requests {
                let transaction = Transaction(
                    connection: connection, vault: vault, at: at, organization: request.lane.organizationID,
                    principal: .operator)
                claims.append(try transaction.claim(request, owner: owner, until: at + lease))
            }
            return claims
        }
    }

    /// Every lane that has something due, now or later, with the time of its first.
    package func dueLanes() async throws(RepositoryError) -> [DueLane] {
        try await database.read { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT organization_id, channel_id, min(due_at) FROM deliveries WHERE state = 'due'
                GROUP BY organization_id, channel_id
                """, []
            ) { row in
                DueLane(lane: Lane(organizationID: row.number(0), channelID: row.id(1)), dueAt: row.time(2))
            }
        }
    }
}

private struct ClaimRequest: Sendable {
    let lane: Lane
    let limit: Int
}

extension Transaction {
    fileprivate func claim(
        _ request: ClaimRequest, owner: String, until: Timestamp
    ) throws(RepositoryError) -> LaneClaim {
        let lane = request.lane
        guard let channel = try channelToSendTo(lane.channelID) else {
            return LaneClaim(lane: lane, deliveries: [], nextDueAt: nil)
        }
        let link = try Organization.get(organization, on: connection).runLinkTemplate
        var deliveries: [ClaimedDelivery] = []
        for lease in try leases(request, owner: owner, until: until) {
            let content = try content(of: lease.event)
            deliveries.append(
                ClaimedDelivery(
                    id: lease.delivery, lane: lane, content: content, channel: channel,
                    runLink: content.run.flatMap { run in link?.link(to: run) }, attempt: lease.attempt,
                    fencingToken: lease.token))
        }
        return LaneClaim(lane: lane, deliveries: deliveries, nextDueAt: try nextDue(of: lane.channelID))
    }

    /// Nil when nothing is to be sent there any more; what waits there is settled then.
    private func channelToSendTo(_ id: ChannelID) throws(RepositoryError) -> Channel? {
        do {
            let channel = try channel(id)
            if channel.state == .enabled { return channel }
            if channel.state == .paused { return nil }
            try settleDeliveries(ofDisabled: id)
        } catch .notFound {
            _ = try cancelDeliveries(ofRemoved: id)
        }
        return nil
    }

    private struct Lease {
        let delivery: DeliveryID
        let event: EventID
        let attempt: Int
        let token: Int64
        let dueAt: Timestamp
    }

    /// RETURNING has no order of its own: oldest first.
    private func leases(_ request: ClaimRequest, owner: String, until: Timestamp) throws(RepositoryError) -> [Lease] {
        try connection.rows(
            """
            UPDATE deliveries SET state = 'claimed', lease_owner = $4, lease_until = $5, updated_at = $3,
                fencing_token = fencing_token + 1, attempts = attempts + 1
            WHERE organization_id = $1 AND state = 'due' AND delivery_id IN (
                SELECT d.delivery_id FROM deliveries d
                WHERE d.organization_id = $1 AND d.channel_id = $2 AND d.state = 'due' AND d.due_at <= $3
                    AND \(Self.mayBeSent)
                ORDER BY d.due_at LIMIT $6)
            RETURNING delivery_id, event_id, attempts, fencing_token, due_at
            """,
            [
                SQLValue(organization), SQLValue(request.lane.channelID), SQLValue(at), SQLValue(owner),
                SQLValue(until), SQLValue(request.limit),
            ]
        ) { row in
            Lease(
                delivery: row.id(0), event: row.id(1), attempt: Int(row.integer(2)), token: row.integer(3),
                dueAt: row.time(4))
        }.sorted { ($0.dueAt, $0.delivery) < ($1.dueAt, $1.delivery) }
    }

    /// Of a delivery `d`: the end of a run waits for the run's start at the same channel, at most until that start is
    /// tried a second time. Of a run that was started more often, the newest eight starts count, so that a number used
    /// over and over costs no more. `CROSS JOIN` keeps the order of the look-ups (https://www.sqlite.org/optoverview.html):
    /// left to itself, SQLite reads all deliveries of the organization for each.
    private static let mayBeSent = """
        NOT EXISTS (
            SELECT 1 FROM (
                SELECT s.event_id FROM events f CROSS JOIN events s
                WHERE f.organization_id = d.organization_id AND f.event_id = d.event_id AND f.type = 'test.finished'
                    AND s.organization_id = f.organization_id AND s.load_test_run_id = f.load_test_run_id
                    AND s.type = 'test.started'
                ORDER BY s.event_id DESC LIMIT 8) started
            CROSS JOIN deliveries b
            WHERE b.organization_id = d.organization_id AND b.event_id = started.event_id
                AND b.channel_id = d.channel_id AND b.state IN ('due', 'claimed') AND b.attempts <= 1)
        """

    private func content(of event: EventID) throws(RepositoryError) -> EventContent {
        let payload = try connection.row(
            "SELECT payload FROM events WHERE organization_id = $1 AND event_id = $2",
            [SQLValue(organization), SQLValue(event)]
        ) { row in row.text(0) }
        guard let payload else { throw .unavailable("a delivery has no event") }
        return try EventContent(stored: payload)
    }

    private func nextDue(of channel: ChannelID) throws(RepositoryError) -> Timestamp? {
        try connection.row(
            """
            SELECT d.due_at FROM deliveries d WHERE d.organization_id = $1 AND d.channel_id = $2 AND d.state = 'due'
                AND \(Self.mayBeSent)
            ORDER BY d.due_at LIMIT 1
            """, [SQLValue(organization), SQLValue(channel)]
        ) { row in row.time(0) }
    }

    /// What still waits at a channel that was disabled is not sent: it failed, or is skipped when it was never tried.
    func settleDeliveries(ofDisabled channel: ChannelID) throws(RepositoryError) {
        try connection.execute(
            """
            UPDATE deliveries SET state = CASE WHEN attempts = 0 THEN 'skipped' ELSE 'failed' END,
                reason = 'channel_disabled', updated_at = $3
            WHERE organization_id = $1 AND channel_id = $2 AND state = 'due'
            """, [SQLValue(organization), SQLValue(channel), SQLValue(at)])
    }

    /// What still waits at a channel that was removed; how many they were.
    func cancelDeliveries(ofRemoved channel: ChannelID) throws(RepositoryError) -> Int {
        try connection.execute(
            """
            UPDATE deliveries SET state = 'cancelled', reason = 'channel_removed', updated_at = $3
            WHERE organization_id = $1 AND channel_id = $2 AND state = 'due'
            """, [SQLValue(organization), SQLValue(channel), SQLValue(at)])
    }
}
