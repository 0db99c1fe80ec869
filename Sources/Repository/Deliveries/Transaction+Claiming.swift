import Notifications

/// A due delivery that is claimed.
struct DeliveryLease {
    let delivery: DeliveryID
    let event: EventID
    let attempt: Int
    let attemptOfRound: Int
    let token: Int64
    let dueAt: Timestamp

    /// A row of `Transaction.claimable`.
    init(_ row: any SQLRow) {
        delivery = row.id(0)
        event = row.id(1)
        attempt = Int(row.integer(2)) + 1
        attemptOfRound = Int(row.integer(2) - row.integer(3)) + 1
        token = row.integer(4) + 1
        dueAt = row.time(5)
    }
}

/// What is known of an event.
enum FoundContent {
    case kept(EventContent)
    case stored(payload: String, userName: String?)

    /// The row of an event `$2` of the organization `$1`.
    static let statement = "SELECT payload, user_name FROM events WHERE organization_id = $1 AND event_id = $2"

    init(_ row: any SQLRow) {
        self = .stored(payload: row.text(0), userName: row.optionalText(1))
    }

    /// Throws `unreadable`.
    func read() throws(RepositoryError) -> EventContent {
        switch self {
        case .kept(let content): content
        case .stored(let payload, let userName): try EventContent(stored: payload).with(userName: userName)
        }
    }
}

/// The steps of a claim (`Claiming`) for one channel.
extension Transaction {
    /// The deliveries whose event can be read; the others are set aside.
    ///
    /// - Parameter contents: of all events that are there.
    func deliveries(
        _ leases: [DeliveryLease], of channel: Channel, _ contents: [EventID: FoundContent], link: RunLinkTemplate?,
        isProbe: Bool
    ) throws(RepositoryError) -> [ClaimedDelivery] {
        let host = channel.host
        var deliveries: [ClaimedDelivery] = []
        for lease in leases {
            guard let content = try contentOrSetAside(lease, contents[lease.event], at: channel.id) else { continue }
            deliveries.append(
                ClaimedDelivery(
                    id: lease.delivery, queue: ChannelQueue(organizationID: organization, channelID: channel.id),
                    content: content, channel: channel, runLink: content.link(by: link),
                    startedMessage: try startedMessage(for: content, at: channel),
                    endedRun: try endedRun(of: content, lease.event, at: channel), host: host,
                    attempt: lease.attempt, attemptOfRound: lease.attemptOfRound, isProbe: isProbe,
                    fencingToken: lease.token))
        }
        return deliveries
    }

    /// The channel, if something may be sent to it. Deliveries that arrived after it was disabled or removed are settled
    /// here.
    ///
    /// - Parameter channel: nil if it was removed.
    func isSentTo(
        _ channel: Channel?, _ id: ChannelID, _ claim: inout QueueClaim
    ) throws(RepositoryError) -> Channel? {
        guard let channel else {
            _ = try settle(id, .removed)
            return nil
        }
        switch channel.state {
        case .paused: return nil
        case .enabled:
            if channel.isReadable { return channel }
            claim.setAside = 1
            claim.told = try setAside(channel)
        case .disabled, .removed: _ = try settle(id, .disabled)
        }
        return nil
    }

    private func contentOrSetAside(
        _ lease: DeliveryLease, _ content: FoundContent?, at channel: ChannelID
    ) throws(RepositoryError) -> EventContent? {
        do throws(RepositoryError) {
            guard let content else { throw .unreadable("a delivery has no event") }
            return try content.read()
        } catch .unreadable(let reason) {
            try setAside(lease.delivery, of: lease.event, at: channel, because: reason)
            return nil
        }
    }

    static let leasing = """
        UPDATE deliveries SET state = 'claimed', lease_owner = $3, lease_until = $4, updated_at = $5,
            fencing_token = $6, attempts = attempts + 1
        WHERE organization_id = $1 AND delivery_id = $2 AND state = 'due'
        """

    static let claimable = """
        SELECT d.delivery_id, d.event_id, d.attempts, d.attempts_before, d.fencing_token, d.due_at
        FROM deliveries d WHERE \(isDue) AND d.due_at <= $3
        ORDER BY d.due_at, d.delivery_id LIMIT $4
        """

    static let nextDue = "SELECT d.due_at FROM deliveries d WHERE \(isDue) ORDER BY d.due_at LIMIT 1"

    /// For a delivery `d` of the organization `$1` at the channel `$2`: it is due, now or later, nothing else has been
    /// decided on it, and nothing has to go before it.
    static let isDue = """
        d.organization_id = $1 AND d.channel_id = $2 AND d.state = 'due' AND d.waits_for IS NULL AND d.generation = (
            SELECT generation FROM channels WHERE organization_id = $1 AND channel_id = $2)
        """
}
