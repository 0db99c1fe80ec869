import Notifications

extension Transaction {
    /// Events examined at once if few of them match.
    private static let eventsAtOnce = 2000

    /// Nil if the replay is not running or its channel takes nothing.
    func nextPiece(of id: ReplayID) throws(RepositoryError) -> ReplayPiece? {
        let replay = try replay(id)
        guard replay.state == .running, let channel = try channelIfThere(replay.request.channelID),
            channel.state != .disabled
        else { return nil }
        return try piece(of: replay, channel)
    }

    /// Nil if the channel no longer takes anything; the replay is then cancelled or paused.
    func channelStillTaking(_ replay: Replay) throws(RepositoryError) -> Channel? {
        let end: (state: ReplayState, action: String, reason: String)
        do {
            let channel = try channel(replay.request.channelID)
            if channel.state != .disabled, channel.isReadable { return channel }
            let reason = channel.isReadable ? "The channel is disabled." : Self.unreadableChannel.text
            end = (.paused, "replay.paused", reason)
        } catch .notFound {
            end = (.cancelled, "replay.cancelled", Self.removedChannel)
        }
        try stop(replay.id, of: replay.request.channelID, end)
        return nil
    }

    private static let removedChannel = "The channel was removed."

    /// Nobody visits a paused replay again, and without its channel it could not be resumed.
    func cancelReplays(ofRemoved channel: ChannelID) throws(RepositoryError) {
        let replays: [ReplayID] = try connection.rows(
            """
            SELECT replay_id FROM replays
            WHERE organization_id = $1 AND \(PlannerHint.equal("channel_id", "$2")) AND state IN ('running', 'paused')
            """, [SQLValue(organization), SQLValue(channel)]
        ) { row in row.id(0) }
        for replay in replays {
            try stop(replay, of: channel, (.cancelled, "replay.cancelled", Self.removedChannel))
        }
    }

    private func stop(
        _ replay: ReplayID, of channel: ChannelID, _ end: (state: ReplayState, action: String, reason: String)
    ) throws(RepositoryError) {
        try set(end.state, of: replay)
        try audit(
            end.action, "replay:\(replay)", ["channel_id": JSONValue(channel), "reason": .string(end.reason)],
            actor: Self.system)
    }

    /// Returns how many of a piece were made due, and how many could not be read.
    func make(
        _ piece: ReplayPiece, of replay: Replay, for channel: Channel
    ) throws(RepositoryError) -> (requeued: Int, setAside: Int) {
        var (requeued, skipped, setAside) = (0, 0, 0)
        for candidate in piece.candidates {
            if candidate.isUnreadable {
                try passOver(candidate.eventID, replay)
                (skipped, setAside) = (skipped + 1, setAside + 1)
                continue
            }
            if try isUnwanted(candidate, by: channel) {
                skipped += 1
            } else if try make(candidate, dueAt: due + replay.spacing * requeued, by: replay) {
                requeued += 1
            }
        }
        try save(piece, of: replay, requeued: requeued, skipped: skipped)
        if piece.cursor == nil { try finish(replay, requeued: requeued, skipped: skipped) }
        return (requeued, setAside)
    }

    /// According to the channel's current subscription, and to its kind.
    private func isUnwanted(
        _ candidate: ReplayPiece.Candidate, by channel: Channel
    ) throws(RepositoryError) -> Bool {
        guard let content = candidate.content else { return false }
        if channel.knownKind?.declines(content) != nil { return true }
        var history: RunHistory?
        return try reasonToSkip(
            content, as: candidate.eventID, subscribedTo: channel.subscription, known: &history) != nil
    }

    /// An unreadable event does not stop the replay of the others.
    private func passOver(_ event: EventID, _ replay: Replay) throws(RepositoryError) {
        try audit(
            "event.set_aside", "event:\(event)",
            ["replay_id": .string(replay.id.text), "reason": "The stored event cannot be read."],
            actor: Self.system)
    }

    private func piece(of replay: Replay, _ channel: Channel) throws(RepositoryError) -> ReplayPiece {
        let all = ReplayCandidates(replay.request, channel: channel)
        let cursor = try cursor(of: replay)
        let last = try lastEvent(after: max(cursor, all.before))
        let candidates = try connection.rows(
            """
            SELECT e.event_id, e.payload, d.delivery_id, d.state, e.type FROM \(all.sql)
            ORDER BY e.event_id LIMIT \(replay.pieceSize)
            """, all.values(after: cursor, upTo: last)
        ) { row in
            let delivery: (id: DeliveryID, state: String)? = row.isNull(2) ? nil : (row.id(2), row.text(3))
            let isAsked = delivery.map { $0.state == DeliveryState.skipped.rawValue } ?? true
            return ReplayPiece.Candidate(
                eventID: row.id(0), delivery: delivery,
                content: isAsked ? EventContent.shown(row.text(1), type: row.text(4)) : nil)
        }
        if candidates.count == replay.pieceSize {
            return ReplayPiece(start: cursor, candidates: candidates, cursor: candidates.last?.eventID)
        }
        let isEnd = last.map { $0 >= all.behind } ?? true
        return ReplayPiece(start: cursor, candidates: candidates, cursor: isEnd ? nil : last)
    }

    func cursor(of replay: Replay) throws(RepositoryError) -> EventID {
        try connection.row(
            "SELECT cursor FROM replays WHERE organization_id = $1 AND replay_id = $2",
            [SQLValue(organization), SQLValue(replay.id)]
        ) { row in row.id(0) } ?? .least
    }

    /// The last of the events examined at once; nil if fewer are left.
    private func lastEvent(after cursor: EventID) throws(RepositoryError) -> EventID? {
        try connection.row(
            """
            SELECT event_id FROM events WHERE organization_id = $1 AND event_id > $2
            ORDER BY event_id LIMIT 1 OFFSET \(Self.eventsAtOnce)
            """, [SQLValue(organization), SQLValue(cursor)]
        ) { row in row.id(0) }
    }

    /// False if the delivery has changed since it was examined, for instance because somebody has retried it.
    private func make(
        _ candidate: ReplayPiece.Candidate, dueAt: Timestamp, by replay: Replay
    ) throws(RepositoryError) -> Bool {
        guard let delivery = candidate.delivery else { return try add(candidate.eventID, dueAt: dueAt, by: replay) }
        return try connection.execute(
            """
            UPDATE deliveries SET state = 'due', reason = NULL, due_at = $3, attempts_before = attempts,
                interruptions = 0, replay_id = $4, updated_at = $5
            WHERE organization_id = $1 AND delivery_id = $2 AND state = $6
            """,
            [
                SQLValue(organization), SQLValue(delivery.id), SQLValue(dueAt), SQLValue(replay.id), SQLValue(at),
                SQLValue(delivery.state),
            ]) == 1
    }

    /// Adds a delivery of an event that the channel never got and updates the event's count, so the ledger still
    /// balances. False if there is one by now or the event is gone.
    private func add(_ event: EventID, dueAt: Timestamp, by replay: Replay) throws(RepositoryError) -> Bool {
        let added = try connection.execute(
            """
            INSERT INTO deliveries (organization_id, delivery_id, event_id, channel_id, state, due_at, replay_id,
                created_at, updated_at, generation)
            SELECT $1, $2, event_id, $4, 'due', $5, $6, $7, $7, $8 FROM events
            WHERE organization_id = $1 AND event_id = $3
            ON CONFLICT DO NOTHING
            """,
            [
                SQLValue(organization), SQLValue(DeliveryID(at: at)), SQLValue(event),
                SQLValue(replay.request.channelID), SQLValue(dueAt), SQLValue(replay.id), SQLValue(at),
                SQLValue(try generation(of: replay.request.channelID)),
            ])
        guard added == 1 else { return false }
        try connection.execute(
            "UPDATE events SET channels = channels + 1 WHERE organization_id = $1 AND event_id = $2",
            [SQLValue(organization), SQLValue(event)])
        return true
    }

    /// The next piece may be examined when the last delivery of this one is due.
    private func save(
        _ piece: ReplayPiece, of replay: Replay, requeued: Int, skipped: Int
    ) throws(RepositoryError) {
        try connection.execute(
            """
            UPDATE replays SET requeued = requeued + $3, skipped = skipped + $4, cursor = coalesce($5, cursor), next_at = $6,
                updated_at = $7
            WHERE organization_id = $1 AND replay_id = $2
            """,
            [
                SQLValue(organization), SQLValue(replay.id), SQLValue(requeued), SQLValue(skipped),
                SQLValue(piece.cursor), SQLValue(due + replay.spacing * requeued), SQLValue(at),
            ])
    }

    private func finish(_ replay: Replay, requeued: Int, skipped: Int) throws(RepositoryError) {
        try set(.finished, of: replay.id)
        try audit(
            "replay.finished", "replay:\(replay.id)",
            [
                "channel_id": JSONValue(replay.request.channelID),
                "requeued": .integer(replay.requeued + Int64(requeued)),
                "skipped": .integer(replay.skipped + Int64(skipped)),
            ], actor: Self.system)
    }
}
