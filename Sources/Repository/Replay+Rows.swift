import Notifications

/// Replays in their table.
extension Transaction {
    func replay(_ id: ReplayID) throws(RepositoryError) -> Replay {
        let found = try connection.row(
            "SELECT \(Replay.columns) FROM replays WHERE organization_id = $1 AND replay_id = $2",
            [SQLValue(organization), SQLValue(id)]
        ) { row in Replay(row, of: organization) }
        guard let found else { throw .notFound("replay") }
        return found
    }

    func insert(_ replay: Replay) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO replays (organization_id, replay_id, channel_id, since, until, states, per_minute, state, total,
                actor, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
            """,
            [
                SQLValue(organization), SQLValue(replay.id), SQLValue(replay.wish.channelID),
                SQLValue(replay.wish.since), SQLValue(replay.wish.until), SQLValue(replay.wish.words),
                SQLValue(replay.perMinute), SQLValue(replay.state.rawValue), SQLValue(replay.total),
                SQLValue(replay.actor), SQLValue(replay.createdAt),
            ])
    }

    /// A replay that ends keeps the moment.
    func set(_ state: ReplayState, of id: ReplayID) throws(RepositoryError) {
        let isEnd = state == .finished || state == .cancelled
        try connection.execute(
            """
            UPDATE replays SET state = $3, updated_at = $4, finished_at = $5
            WHERE organization_id = $1 AND replay_id = $2
            """,
            [
                SQLValue(organization), SQLValue(id), SQLValue(state.rawValue), SQLValue(at),
                SQLValue(isEnd ? at : nil),
            ])
    }
}

extension Replay {
    static let columns = """
        replay_id, channel_id, since, until, states, per_minute, state, total, taken, skipped, actor, created_at,
        updated_at, finished_at
        """

    init(_ row: any SQLRow, of organization: OrganizationID) {
        let choices = row.text(4).split(separator: " ").compactMap { ReplayChoice(rawValue: String($0)) }
        let wish = ReplayWish(
            channelID: row.id(1), since: row.time(2), until: row.time(3), choices: choices,
            perMinute: Int(row.integer(5)))
        self.init(
            id: row.id(0), organizationID: organization, wish: wish, perMinute: Int(row.integer(5)),
            state: ReplayState(rawValue: row.text(6)) ?? .cancelled, total: row.integer(7), taken: row.integer(8),
            skipped: row.integer(9), actor: row.text(10), createdAt: row.time(11), updatedAt: row.time(12),
            finishedAt: row.optionalTime(13))
    }

    /// For the audit log.
    var shown: JSONValue {
        [
            "channel_id": JSONValue(wish.channelID), "since": JSONValue(wish.since), "until": JSONValue(wish.until),
            "states": .array(wish.choices.map { .string($0.rawValue) }), "per_minute": .integer(Int64(perMinute)),
            "total": .integer(total),
        ]
    }
}

extension ReplayWish {
    fileprivate var words: String { choices.map(\.rawValue).joined(separator: " ") }
}

/// The events of a replay's span that it looks for, with the channel's delivery of each: `FROM` and `WHERE` of a query
/// over `e` (events) and `d` (deliveries).
struct ReplaySelection {
    private let wish: ReplayWish
    private let channel: Channel

    init(_ wish: ReplayWish, channel: Channel) {
        self.wish = wish
        self.channel = channel
    }

    /// Only the cases of an enumeration become SQL. Notices of the service itself (`channel.…`) are never missing: they
    /// were meant for another channel.
    var sql: String {
        // No delivery is in a state `missing`.
        let states = wish.choices.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let missing = wish.choices.contains(.missing) ? "1" : "0"
        return """
            events e LEFT JOIN deliveries d ON d.organization_id = e.organization_id AND d.event_id = e.event_id
                AND d.channel_id = $2
            \(Settlement.join)
            WHERE e.organization_id = $1 AND e.event_id > $3 AND e.event_id < $4
                AND (\(Settlement.state) IN (\(states)) OR \(missing) AND d.delivery_id IS NULL AND e.received_at < $5
                    AND e.type NOT LIKE 'channel.%')
            """
    }

    /// Of events behind `cursor`, and up to `last` where that is given.
    func values(after cursor: EventID, upTo last: EventID?) -> [SQLValue] {
        let end = last?.successor ?? behind
        return [
            SQLValue(channel.organizationID), SQLValue(channel.id), SQLValue(max(cursor, before)),
            SQLValue(min(end, behind)), SQLValue(channel.createdAt),
        ]
    }

    /// What stands right before the span, and right behind it.
    var before: EventID { .lowest(at: wish.since) }
    var behind: EventID { .lowest(at: wish.until) }
}
