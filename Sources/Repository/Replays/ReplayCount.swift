import Notifications

/// What a replay would send, as far as it has been counted.
struct ReplayCount: Sendable {
    /// The last event that was looked at; nil before the first and behind the last.
    private(set) var cursor: EventID?
    private var counts: [ReplaySelection: Int64] = [:]
    private var moments: [Timestamp] = []
    private var mostPerMinute: Int?

    func plan(_ request: ReplayRequest) -> ReplayPlan {
        let asked = request.perMinute ?? ReplayRequest.standardPerMinute
        return ReplayPlan(
            counts: counts, oldest: moments.first, newest: moments.last, perMinute: min(asked, mostPerMinute ?? asked))
    }

    fileprivate mutating func add(
        _ selection: ReplaySelection, _ count: Int64, from oldest: Timestamp, to newest: Timestamp
    ) {
        counts[selection, default: 0] += count
        let all = moments + [oldest, newest]
        moments = [all.min(), all.max()].compactMap { $0 }
    }

    fileprivate mutating func end(at last: EventID?, of channel: Channel) {
        (cursor, mostPerMinute) = (last, channel.maxPerMinute)
    }
}

extension Transaction {
    /// Events in one piece of a count.
    static let eventsCountedAtOnce = 2_000

    /// Counts the next piece of a replay's span.
    func count(_ request: ReplayRequest, behind before: ReplayCount) throws(RepositoryError) -> ReplayCount {
        let channel = try channelToReplay(request.channelID)
        let candidates = ReplayCandidates(request, channel: channel)
        let start = before.cursor ?? candidates.before
        let last = try lastCounted(after: start, before: candidates.behind)
        var count = before
        _ = try connection.rows(
            """
            SELECT coalesce(\(Settlement.state), 'missing') AS selection, count(*), min(e.received_at), max(e.received_at)
            FROM \(candidates.sql) GROUP BY selection
            """, candidates.values(after: start, upTo: last)
        ) { row in
            guard let selection = ReplaySelection(rawValue: row.text(0)) else { return }
            count.add(selection, row.integer(1), from: row.time(2), to: row.time(3))
        }
        count.end(at: last, of: channel)
        return count
    }

    /// The last event of a piece; nil if all that are left fit into one.
    private func lastCounted(after start: EventID, before end: EventID) throws(RepositoryError) -> EventID? {
        try connection.row(
            """
            SELECT event_id FROM events WHERE organization_id = $1 AND event_id > $2 AND event_id < $3
            ORDER BY event_id LIMIT 1 OFFSET \(Self.eventsCountedAtOnce - 1)
            """, [SQLValue(organization), SQLValue(start), SQLValue(end)]
        ) { row in row.id(0) }
    }
}
