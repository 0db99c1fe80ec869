import Notifications

extension Repository {
    /// A channel with its receiver's health; nil health if nothing had to be remembered.
    package func channelWithHealth(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (channel: Channel, health: ReceiverHealth?) {
        try await look(organization, .read, "channel.read", as: principal) { transaction throws(RepositoryError) in
            (try transaction.channel(id), try transaction.receiverHealth(of: id))
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
}

extension ReceiverHealth {
    static let columns = """
        h.channel_id, \(ShownTime.of("h.failing_since")), \(ShownTime.of("h.opened_at")), \(ShownTime.of("h.probe_at")),
        \(ShownTime.of("h.held_until")), h.held_code, h.held_text, h.finding_code, h.finding_text, h.last_success_at
        """

    /// Reads `columns`, starting at index `first`; nil if there is no row. A hold that has ended is ignored.
    init?(_ row: any SQLRow, from first: Int, at now: Timestamp) {
        guard !row.isNull(first) else { return nil }
        let circuit = row.optionalTime(first + 2).map {
            Circuit(openSince: $0, nextProbeAt: row.optionalTime(first + 3))
        }
        let until = row.time(first + 4)
        let hold = until > now ? Hold(until: until, finding: Finding(row, at: first + 5)) : nil
        self.init(
            failingSince: row.optionalTime(first + 1), circuit: circuit, hold: hold,
            finding: Finding(row, at: first + 7), lastSuccess: row.optionalTime(first + 9))
    }
}

extension Finding {
    /// Reads a code and a text from two columns; nil if there is none.
    fileprivate init?(_ row: any SQLRow, at column: Int) {
        guard let code = row.optionalText(column) else { return nil }
        self.init(code, row.text(column + 1))
    }
}
