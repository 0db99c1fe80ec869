import Notifications

/// A channel with its receiver's health; nil health if nothing had to be remembered.
package struct ListedChannel: Sendable {
    package let channel: Channel
    package let health: ReceiverHealth?
}

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

extension Repository {
    /// A part of all channels, oldest first.
    package func channelsWithHealth(
        of organization: OrganizationID, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<ListedChannel> {
        try await look(organization, .read, "channels.list", as: principal) { transaction throws(RepositoryError) in
            let channels = try transaction.channels(page)
            let healths = try transaction.receiverHealths(of: channels.items.map(\.id))
            return Page(
                items: channels.items.map { ListedChannel(channel: $0, health: healths[$0.id]) }, next: channels.next)
        }
    }
}

extension Transaction {
    func receiverHealth(of channel: ChannelID) throws(RepositoryError) -> ReceiverHealth? {
        try receiverHealths(of: [channel])[channel]
    }

    /// Without those of which nothing is known.
    func receiverHealths(of channels: [ChannelID]) throws(RepositoryError) -> [ChannelID: ReceiverHealth] {
        var found: [ChannelID: ReceiverHealth] = [:]
        try connection.together([
            SQLStep(asking: Self.shownHealth, channels.map { [SQLValue(organization), SQLValue($0)] }) { number, row in
                found[channels[number]] = ReceiverHealth(row, from: 0, at: at)
            }
        ])
        return found
    }

    private static let shownHealth = """
        SELECT \(ReceiverHealth.columns) FROM channel_health h WHERE h.organization_id = $1 AND h.channel_id = $2
        """
}

extension ReceiverHealth {
    static let columns = """
        h.channel_id, \(ShownTime.of("h.failing_since")), \(ShownTime.of("h.opened_at")), \(ShownTime.of("h.probe_at")),
        \(ShownTime.of("h.held_until")), h.held_code, h.held_text, h.finding_code, h.finding_text, h.last_success_at
        """

    /// Reads `columns`, starting at index `first`; nil if nothing is known. A hold that has ended is ignored.
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
        guard self != .nothing else { return nil }
    }

    /// What a row says that only keeps the pace.
    private static let nothing = ReceiverHealth(failingSince: nil, circuit: nil, hold: nil, finding: nil)
}

extension Finding {
    /// Reads a code and a text from two columns; nil if there is none.
    fileprivate init?(_ row: any SQLRow, at column: Int) {
        guard let code = row.optionalText(column) else { return nil }
        self.init(code, row.text(column + 1))
    }
}
