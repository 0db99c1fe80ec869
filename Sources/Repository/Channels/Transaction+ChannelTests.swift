import Notifications

/// The table of channels' newest tests.
extension Transaction {
    static let testsKept = 10

    /// Adds a test, and deletes what is older than the newest ten.
    func keep(_ test: ChannelTest, of channel: ChannelID) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO channel_tests (organization_id, channel_id, test_id, tested_at, actor, as_saved, verdict,
                finding_code, finding_text, status, duration)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                SQLValue(organization), SQLValue(channel), SQLValue(test.id), SQLValue(test.at), SQLValue(test.actor),
                SQLValue(test.isAsSaved ? 1 : 0), SQLValue(test.verdict), SQLValue(test.finding?.code),
                SQLValue(test.finding?.text), SQLValue(test.status.map(Int64.init)),
                SQLValue(test.duration.microseconds),
            ])
        try connection.execute(
            """
            DELETE FROM channel_tests WHERE organization_id = $1 AND channel_id = $2 AND test_id <= (
                SELECT t.test_id FROM channel_tests t WHERE t.organization_id = $1 AND t.channel_id = $2
                ORDER BY t.test_id DESC LIMIT 1 OFFSET \(Self.testsKept))
            """, [SQLValue(organization), SQLValue(channel)])
    }

    /// Newest first, before a test.
    func tests(of channel: ChannelID, before: DeliveryID, limit: Int) throws(RepositoryError) -> [ChannelTest] {
        try connection.rows(
            """
            SELECT test_id, tested_at, actor, as_saved, verdict, finding_code, finding_text, status, duration
            FROM channel_tests WHERE organization_id = $1 AND channel_id = $2 AND test_id < $3
            ORDER BY test_id DESC LIMIT $4
            """, [SQLValue(organization), SQLValue(channel), SQLValue(before), SQLValue(limit)]
        ) { row in
            ChannelTest(
                id: row.id(0), at: row.time(1), actor: row.text(2), isAsSaved: row.integer(3) == 1,
                verdict: row.text(4),
                finding: row.optionalText(5).map { Finding($0, row.optionalText(6) ?? "") },
                status: row.optionalInteger(7).map(Int.init), duration: .microseconds(row.integer(8)))
        }
    }
}
