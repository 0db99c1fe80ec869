import Notifications

/// The table of replays.
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
                SQLValue(organization), SQLValue(replay.id), SQLValue(replay.request.channelID),
                SQLValue(replay.request.since), SQLValue(replay.request.until), SQLValue(replay.request.words),
                SQLValue(replay.perMinute), SQLValue(replay.state.rawValue), SQLValue(replay.total),
                SQLValue(replay.actor), SQLValue(replay.createdAt),
            ])
    }

    /// Stores the time at which a replay ends.
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
        replay_id, channel_id, since, until, states, per_minute, state, total, requeued, skipped, actor, created_at,
        updated_at, finished_at
        """

    init(_ row: any SQLRow, of organization: OrganizationID) {
        let selection = row.text(4).split(separator: " ").compactMap { ReplaySelection(rawValue: String($0)) }
        let request = ReplayRequest(
            channelID: row.id(1), since: row.time(2), until: row.time(3), selection: selection,
            perMinute: Int(row.integer(5)))
        self.init(
            id: row.id(0), organizationID: organization, request: request, perMinute: Int(row.integer(5)),
            state: ReplayState(rawValue: row.text(6)) ?? .cancelled, total: row.integer(7), requeued: row.integer(8),
            skipped: row.integer(9), actor: row.text(10), createdAt: row.time(11), updatedAt: row.time(12),
            finishedAt: row.optionalTime(13))
    }

    /// For the audit log.
    var shown: JSONValue {
        [
            "channel_id": JSONValue(request.channelID), "since": JSONValue(request.since),
            "until": JSONValue(request.until),
            "states": .array(request.selection.map { .string($0.rawValue) }), "per_minute": .integer(Int64(perMinute)),
            "total": .integer(total),
        ]
    }
}

extension ReplayRequest {
    fileprivate var words: String { selection.map(\.rawValue).joined(separator: " ") }
}
