import Notifications

/// How a channel's newest attempts went.
package struct ChannelRecord: Sendable {
    package struct Try: Sendable {
        package let at: Timestamp
        package let duration: Duration
        package let isDelivered: Bool
        package let finding: String?
    }

    /// Oldest first, at most `ChannelRecord.length`.
    package let tries: [Try]

    package init(tries: some Sequence<Try>) {
        self.tries = Array(tries)
    }

    package static let length = 60

    package var lastSuccess: Timestamp? { tries.last { $0.isDelivered }?.at }
    package var lastFailure: Try? { tries.last { !$0.isDelivered } }
    package var failures: Int { tries.count { !$0.isDelivered } }
}

extension Repository {
    /// The newest attempts at a channel.
    package func record(
        of channel: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> ChannelRecord {
        try await look(organization, .read, "channel.read", as: principal) { transaction throws(RepositoryError) in
            try transaction.records(among: 5000, of: channel)[channel] ?? ChannelRecord(tries: [])
        }
    }

    /// The records of all channels that lately had something to send.
    package func records(
        in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> [ChannelID: ChannelRecord] {
        try await look(organization, .read, "channels.list", as: principal) { transaction throws(RepositoryError) in
            try transaction.records(among: 1000)
        }
    }
}

extension Transaction {
    /// Among so many of the organization's newest deliveries: what this costs does not grow with its history.
    fileprivate func records(
        among count: Int, of channel: ChannelID? = nil
    ) throws(RepositoryError) -> [ChannelID: ChannelRecord] {
        let found = try connection.rows(
            """
            SELECT d.channel_id, a.started_at, a.duration, a.verdict, a.finding_text
            FROM (SELECT delivery_id, channel_id FROM deliveries
                WHERE organization_id = $1 ORDER BY delivery_id DESC LIMIT $2) d
            JOIN attempts a ON a.organization_id = $1 AND a.delivery_id = d.delivery_id
            WHERE d.channel_id = $3 OR $3 IS NULL
            ORDER BY a.started_at
            """, [SQLValue(organization), SQLValue(count), SQLValue(channel)]
        ) { row in
            let attempt = ChannelRecord.Try(
                at: row.time(1), duration: .microseconds(row.integer(2)), isDelivered: row.text(3) == "delivered",
                finding: row.optionalText(4))
            return (channel: row.id(0) as ChannelID, attempt: attempt)
        }
        let byChannel = Dictionary(grouping: found) { $0.channel }
        return byChannel.mapValues { ChannelRecord(tries: $0.map(\.attempt).suffix(ChannelRecord.length)) }
    }
}
