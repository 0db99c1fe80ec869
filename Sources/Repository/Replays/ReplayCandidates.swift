import Notifications

/// The events of a replay's span that it looks for, with the channel's delivery of each: `FROM` and `WHERE` of a query
/// over `e` (events) and `d` (deliveries).
struct ReplayCandidates {
    private let request: ReplayRequest
    private let channel: Channel

    init(_ request: ReplayRequest, channel: Channel) {
        self.request = request
        self.channel = channel
    }

    /// Only enumeration cases become SQL. The service's own notices (`channel.…`) are never missing: they were meant
    /// for another channel.
    var sql: String {
        // No delivery has the state `missing`.
        let states = request.selection.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let missing = request.selection.contains(.missing) ? "TRUE" : "FALSE"
        let posted = EventType.subscribable.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return """
            events e LEFT JOIN deliveries d ON d.organization_id = e.organization_id AND d.event_id = e.event_id
                AND d.channel_id = $2
            \(Settlement.join)
            WHERE e.organization_id = $1 AND e.event_id > $3 AND e.event_id < $4
                AND (\(Settlement.state) IN (\(states)) OR \(missing) AND d.delivery_id IS NULL AND e.received_at < $5
                    AND e.type IN (\(posted)))
            """
    }

    /// For events after `cursor` and, if given, up to `last`.
    func values(after cursor: EventID, upTo last: EventID?) -> [SQLValue] {
        let end = last?.successor ?? behind
        return [
            SQLValue(channel.organizationID), SQLValue(channel.id), SQLValue(max(cursor, before)),
            SQLValue(min(end, behind)), SQLValue(channel.createdAt),
        ]
    }

    /// The positions directly before and directly after the span.
    var before: EventID { .lowest(at: request.since) }
    var behind: EventID { .lowest(at: request.until) }
}
