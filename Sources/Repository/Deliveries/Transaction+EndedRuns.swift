import Notifications

/// The end of a run that a channel has been told of, or is about to be.
package struct EndedRun: Sendable {
    package let content: EventContent
    /// When its event was received.
    package let receivedAt: Timestamp
}

/// Services that show only the newest message, such as the status of a commit, would show a run as under way forever if its
/// start were sent last: after a failure it may be retried later than the end is sent, and a replay may send it alone. So a
/// start that is sent when the end is there says what the end says.
extension Transaction {
    /// The end of the content's run, if that is a start at such a channel, and the end is about the same commit and is not
    /// skipped there.
    ///
    /// - Parameter event: that of the content. A run that was started again has not ended.
    func endedRun(
        of content: EventContent, _ event: EventID, at channel: Channel
    ) throws(RepositoryError) -> EndedRun? {
        guard content.type == .testStarted, let run = content.run, channel.knownKind?.showsNewestOnly ?? false,
            let end = try newestEnd(of: run.id, after: event, at: channel.id), let told = try self.content(of: end),
            told.run?.context.commit == run.context.commit
        else { return nil }
        return EndedRun(content: told, receivedAt: end.time)
    }

    private func newestEnd(
        of run: LoadTestRunID, after event: EventID, at channel: ChannelID
    ) throws(RepositoryError) -> EventID? {
        try connection.rows(
            Self.endsOfRun, [SQLValue(organization), SQLValue(run), SQLValue(channel), SQLValue(event)]
        ) { row in row.id(0) as EventID }.max()
    }

    /// Nil if it cannot be read.
    private func content(of event: EventID) throws(RepositoryError) -> EventContent? {
        if let content = kept.contents.content(of: event, in: organization) { return content }
        let found = try connection.row(
            FoundContent.statement, [SQLValue(organization), SQLValue(event)], read: FoundContent.init)
        return try? found?.read()
    }

    /// As with the order of starts and ends, a run's newest eight ends count.
    static let endsOfRun = """
        SELECT b.event_id FROM (
            SELECT event_id FROM events
            WHERE organization_id = $1 AND load_test_run_id = $2 AND type = 'test.finished' AND event_id > $4
            ORDER BY event_id DESC LIMIT 8) ended
        \(PlannerHint.joinInOrder) deliveries b
        WHERE b.organization_id = $1 AND b.event_id = ended.event_id AND b.channel_id = $3
            AND b.state IN ('due', 'claimed', 'delivered')
        """
}
