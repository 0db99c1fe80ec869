import Notifications

extension Transaction {
    /// Claims what the channel may be sent now, given its rate and its receiver's health.
    func claim(
        _ request: ClaimRequest, owner: String, until: Timestamp
    ) throws(RepositoryError) -> QueueClaim {
        let queue = request.queue
        var claim = QueueClaim(queue: queue, host: nil, deliveries: [], nextDueAt: nil)
        guard let channel = try channelToSendTo(queue.channelID, &claim) else { return claim }
        let before = try health(of: channel.id)
        var health = before
        if case .now(let count) = health.allowance(at: due, rate: channel.rate, wanted: request.limit) {
            let leases = try leases(of: channel.id, atMost: count, owner: owner, until: until)
            claim.deliveries = try deliveries(leases.taken, of: channel, isProbe: health.circuit != nil)
            claim.setAside = leases.taken.count - claim.deliveries.count
            claim.nextDueAt = leases.nextDueAt
            health.claimed(claim.deliveries.count, at: due, rate: channel.rate)
            try save(health, of: channel.id, replacing: before)
        }
        claim.host = channel.host
        if claim.nextDueAt == nil { claim.nextDueAt = try nextDue(of: queue.channelID) }
        claim.nextDueAt = claim.nextDueAt.map { health.earliest($0, at: due, rate: channel.rate) }
        return claim
    }

    /// The deliveries whose event can be read; the others are set aside.
    private func deliveries(
        _ leases: [Lease], of channel: Channel, isProbe: Bool
    ) throws(RepositoryError) -> [ClaimedDelivery] {
        let link = try Organization.get(organization, on: connection).runLinkTemplate
        let host = channel.host
        var deliveries: [ClaimedDelivery] = []
        for lease in leases {
            guard let content = try contentOrSetAside(lease, at: channel.id) else { continue }
            deliveries.append(
                ClaimedDelivery(
                    id: lease.delivery, queue: ChannelQueue(organizationID: organization, channelID: channel.id),
                    content: content, channel: channel, runLink: content.link(by: link),
                    startedMessage: try startedMessage(for: content, at: channel), host: host, attempt: lease.attempt,
                    attemptOfRound: lease.attemptOfRound, isProbe: isProbe,
                    fencingToken: lease.token))
        }
        return deliveries
    }

    /// Nil if nothing may be sent to the channel now. Deliveries that arrived after it was disabled or removed are
    /// settled here.
    private func channelToSendTo(_ id: ChannelID, _ claim: inout QueueClaim) throws(RepositoryError) -> Channel? {
        do {
            let channel = try channel(id, asKept: true)
            if channel.state == .paused { return nil }
            if channel.state == .enabled {
                if channel.isReadable { return channel }
                claim.setAside = 1
                claim.told = try setAside(channel)
            } else {
                _ = try settle(id, .disabled)
            }
        } catch .notFound {
            _ = try settle(id, .removed)
        }
        return nil
    }

    private func contentOrSetAside(
        _ lease: Lease, at channel: ChannelID
    ) throws(RepositoryError) -> EventContent? {
        do {
            return try content(of: lease.event)
        } catch .unreadable(let reason) {
            try setAside(lease.delivery, of: lease.event, at: channel, because: reason)
            return nil
        }
    }

    private struct Lease {
        let delivery: DeliveryID
        let event: EventID
        let attempt: Int
        let attemptOfRound: Int
        let token: Int64
        let dueAt: Timestamp
    }

    /// Leases the oldest due deliveries, and says when the next one is due, if that has been seen. Those that wait for the
    /// start of their run have been set aside already.
    ///
    /// An update that returns its rows would need a temporary table, which costs more than a look-up and an update by key.
    private func leases(
        of channel: ChannelID, atMost count: Int, owner: String, until: Timestamp
    ) throws(RepositoryError) -> (taken: [Lease], nextDueAt: Timestamp?) {
        guard try setEndsAside(at: channel, among: count) else { return ([], nil) }
        let found = try connection.rows(
            Self.claimable, [SQLValue(organization), SQLValue(channel), SQLValue(due), SQLValue(count + 1)]
        ) { row in
            Lease(
                delivery: row.id(0), event: row.id(1), attempt: Int(row.integer(2)) + 1,
                attemptOfRound: Int(row.integer(2) - row.integer(3)) + 1, token: row.integer(4) + 1,
                dueAt: row.time(5))
        }
        let taken = Array(found.prefix(count))
        try connection.executeMany(
            """
            UPDATE deliveries SET state = 'claimed', lease_owner = $3, lease_until = $4, updated_at = $5,
                fencing_token = $6, attempts = attempts + 1
            WHERE organization_id = $1 AND delivery_id = $2 AND state = 'due'
            """,
            taken.map { lease in
                [
                    SQLValue(organization), SQLValue(lease.delivery), SQLValue(owner), SQLValue(until), SQLValue(at),
                    SQLValue(lease.token),
                ]
            })
        return (taken, found.dropFirst(count).first?.dueAt)
    }

    private static let claimable = """
        SELECT d.delivery_id, d.event_id, d.attempts, d.attempts_before, d.fencing_token, d.due_at
        FROM deliveries d WHERE \(isDue) AND d.due_at <= $3
        ORDER BY d.due_at, d.delivery_id LIMIT $4
        """

    private func content(of event: EventID) throws(RepositoryError) -> EventContent {
        if let known = kept.contents.content(of: event, in: organization) { return known }
        let found = try connection.row(
            "SELECT payload, user_name FROM events WHERE organization_id = $1 AND event_id = $2",
            [SQLValue(organization), SQLValue(event)]
        ) { row in (payload: row.text(0), userName: row.optionalText(1)) }
        guard let found else { throw .unreadable("a delivery has no event") }
        return try EventContent(stored: found.payload).with(userName: found.userName)
    }

    private func nextDue(of channel: ChannelID) throws(RepositoryError) -> Timestamp? {
        try connection.row(Self.nextDue, [SQLValue(organization), SQLValue(channel)]) { row in row.time(0) }
    }

    private static let nextDue = "SELECT d.due_at FROM deliveries d WHERE \(isDue) ORDER BY d.due_at LIMIT 1"

    /// For a delivery `d` of the organization `$1` at the channel `$2`: it is due, now or later, nothing else has been
    /// decided on it, and nothing has to go before it.
    static let isDue = """
        d.organization_id = $1 AND d.channel_id = $2 AND d.state = 'due' AND d.waits_for IS NULL AND d.generation = (
            SELECT generation FROM channels WHERE organization_id = $1 AND channel_id = $2)
        """
}

extension ChannelHealth {
    /// When something with this due time may be claimed.
    fileprivate func earliest(_ dueAt: Timestamp, at now: Timestamp, rate: SendingRate?) -> Timestamp {
        if case .after(let time) = allowance(at: now, rate: rate, wanted: 1) { max(dueAt, time) } else { dueAt }
    }
}
