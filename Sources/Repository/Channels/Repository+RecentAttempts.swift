import Notifications

/// The results of a channel's newest attempts.
package struct RecentAttempts: Sendable {
    /// The part of an attempt that a chart shows.
    package struct Attempt: Sendable {
        package let at: Timestamp
        package let duration: Duration
        package let isDelivered: Bool
        package let finding: String?
    }

    /// Oldest first, at most `RecentAttempts.length`.
    package let attempts: [Attempt]

    /// - Parameter attempts: oldest first.
    package init(_ attempts: some Sequence<Attempt>) {
        self.attempts = Array(attempts)
    }

    package static let length = 60

    package var lastSuccess: Timestamp? { attempts.last { $0.isDelivered }?.at }
    package var lastFailure: Attempt? { attempts.last { !$0.isDelivered } }
    package var failures: Int { attempts.count { !$0.isDelivered } }
}

extension Repository {
    /// The newest attempts at a channel, among the organization's newest 5,000 deliveries, so that the cost does not
    /// grow with its history.
    package func recentAttempts(
        of channel: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> RecentAttempts {
        try await look(organization, .read, "channel.read", as: principal) { transaction throws(RepositoryError) in
            RecentAttempts(try transaction.recentAttempts(among: 5000, of: channel).suffix(RecentAttempts.length))
        }
    }
}

extension Transaction {
    /// Oldest first.
    fileprivate func recentAttempts(
        among count: Int, of channel: ChannelID
    ) throws(RepositoryError) -> [RecentAttempts.Attempt] {
        try connection.rows(
            """
            SELECT a.started_at, a.duration, a.verdict, a.finding_text
            FROM (SELECT delivery_id, channel_id FROM deliveries
                WHERE organization_id = $1 ORDER BY delivery_id DESC LIMIT $2) d
            JOIN attempts a ON a.organization_id = $1 AND a.delivery_id = d.delivery_id
            WHERE d.channel_id = $3
            ORDER BY a.started_at
            """, [SQLValue(organization), SQLValue(count), SQLValue(channel)]
        ) { row in
            RecentAttempts.Attempt(
                at: row.time(0), duration: .microseconds(row.integer(1)), isDelivered: row.text(2) == "delivered",
                finding: row.optionalText(3))
        }
    }
}
