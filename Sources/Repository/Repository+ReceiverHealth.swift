import Notifications

extension Repository {
    /// A channel with what is known of its receiver: nil when nothing had to be remembered of it.
    package func channelWithHealth(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (channel: Channel, health: ReceiverHealth?, lastSuccess: Timestamp?) {
        try await look(organization, .read, "channel.read", as: principal) { transaction throws(RepositoryError) in
            let channel = try transaction.channel(id)
            guard let health = try transaction.receiverHealth(of: id) else { return (channel, nil, nil) }
            return (channel, health, try transaction.lastSuccess(at: id))
        }
    }
}

extension Transaction {
    func receiverHealth(of channel: ChannelID) throws(RepositoryError) -> ReceiverHealth? {
        try connection.row(
            """
            SELECT \(ReceiverHealth.columns) FROM channel_health h WHERE h.organization_id = $1 AND h.channel_id = $2
            """, [SQLValue(organization), SQLValue(channel)]
        ) { row in ReceiverHealth(row, from: 0, at: at) } ?? nil
    }

    /// When something was delivered there last, by the newest ten thousand deliveries of the organization: no index is
    /// worth its price on the hot path for that.
    fileprivate func lastSuccess(at channel: ChannelID) throws(RepositoryError) -> Timestamp? {
        try connection.row(
            """
            SELECT max(updated_at) FROM (
                SELECT channel_id, state, updated_at FROM deliveries WHERE organization_id = $1
                ORDER BY delivery_id DESC LIMIT 10000)
            WHERE channel_id = $2 AND state = 'delivered'
            """, [SQLValue(organization), SQLValue(channel)]
        ) { row in row.optionalTime(0) } ?? nil
    }
}

extension ReceiverHealth {
    static let columns = """
        h.channel_id, h.failing_since, h.opened_at, h.probe_at, h.held_until, h.held_code, h.held_text, h.finding_code,
        h.finding_text
        """

    /// Reads `columns`, the first of which stands at `first`; nil when there is no row. A hold that is over is none.
    init?(_ row: any SQLRow, from first: Int, at now: Timestamp) {
        guard !row.isNull(first) else { return nil }
        let circuit = row.optionalTime(first + 2).map {
            Circuit(openSince: $0, nextProbeAt: row.optionalTime(first + 3))
        }
        let until = row.time(first + 4)
        let hold = until > now ? Hold(until: until, finding: Finding(row, at: first + 5)) : nil
        self.init(
            failingSince: row.optionalTime(first + 1), circuit: circuit, hold: hold,
            finding: Finding(row, at: first + 7))
    }
}

extension Finding {
    /// The columns of a code and a text; nil when there is none.
    fileprivate init?(_ row: any SQLRow, at column: Int) {
        guard let code = row.optionalText(column) else { return nil }
        self.init(code, row.text(column + 1))
    }
}
