import Notifications

/// The maintenance's side of replays. It is part of the service, so there is no principal.
extension Repository {
    /// What a piece of a replay came to.
    package struct ReplayProgress: Sendable {
        /// The channel that has more due now.
        package let queue: ChannelQueue
        package let requeued: Int
        /// Events that cannot be read, and were passed over.
        package let setAside: Int
    }

    /// Replays that may make something due now. One waits while what is due at its channel follows a change of that: it
    /// might miss what is skipped by the change.
    package func replaysToAdvance() async throws(RepositoryError) -> [(OrganizationID, ReplayID)] {
        let at = scheduled()
        return try await database.read { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT organization_id, replay_id FROM replays
                WHERE state IN ('running', 'paused') AND state = 'running' AND next_at <= $1 AND NOT EXISTS (
                    SELECT 1 FROM settlements s
                    WHERE s.organization_id = replays.organization_id AND s.channel_id = replays.channel_id)
                """, [SQLValue(at)]
            ) { row in (row.number(0), row.id(1)) }
        }
    }

    /// Makes the next piece of a replay due: as much as its rate lets go in ten seconds, spread over them. Nil when it is
    /// not running any more.
    ///
    /// What is to go is looked for beside the traffic. Only that is written, as far as it is still so.
    package func advanceReplay(
        _ id: ReplayID, of organization: OrganizationID
    ) async throws(RepositoryError) -> ReplayProgress? {
        let at = now()
        let piece = try await database.read { connection throws(RepositoryError) in
            try transaction(in: organization, at: at, on: connection).nextPiece(of: id)
        }
        return try await database.write { connection throws(RepositoryError) in
            let transaction = self.transaction(in: organization, at: at, on: connection)
            let replay = try transaction.replay(id)
            guard replay.state == .running, let channel = try transaction.channelStillTaking(replay),
                let piece, try transaction.cursor(of: replay) == piece.start
            else { return nil }
            let (requeued, setAside) = try transaction.make(piece, of: replay, for: channel)
            let queue = ChannelQueue(organizationID: organization, channelID: channel.id)
            return ReplayProgress(queue: queue, requeued: requeued, setAside: setAside)
        }
    }
}

/// A part of a replay that is looked at at once.
private struct ReplayPiece {
    /// The replay's cursor at that time.
    let start: EventID
    let candidates: [Candidate]
    /// Up to where the events have been looked at; nil at the end of the span.
    let cursor: EventID?

    struct Candidate {
        let eventID: EventID
        /// The channel's delivery of it, and its state; nil when the channel never got the event.
        let delivery: (id: DeliveryID, state: String)?
        /// What the channel's subscription is asked about; nil when it was wanted before.
        let content: EventContent?

        var isUnreadable: Bool { if case .unreadable? = content { true } else { false } }
    }
}

extension Replay {
    fileprivate var spacing: Duration { .seconds(60) / perMinute }

    /// What goes in ten seconds, within bounds: a transaction is to be short.
    fileprivate var pieceSize: Int { min(50, max(1, perMinute / 6)) }
}

extension Transaction {
    /// Events looked at at once, when few of them are what the replay looks for.
    private static let eventsAtOnce = 2000

    /// Nil when the replay is not running, or its channel takes nothing.
    fileprivate func nextPiece(of id: ReplayID) throws(RepositoryError) -> ReplayPiece? {
        let replay = try replay(id)
        guard replay.state == .running, let channel = try channelIfThere(replay.request.channelID),
            channel.state != .disabled
        else { return nil }
        return try piece(of: replay, channel)
    }

    /// Nil when the channel takes nothing any more: then the replay is cancelled or paused.
    fileprivate func channelStillTaking(_ replay: Replay) throws(RepositoryError) -> Channel? {
        let end: (state: ReplayState, action: String, reason: String)
        do {
            let channel = try channel(replay.request.channelID)
            if channel.state != .disabled, channel.isReadable { return channel }
            let reason = channel.isReadable ? "The channel is disabled." : Self.unreadableChannel.text
            end = (.paused, "replay.paused", reason)
        } catch .notFound {
            end = (.cancelled, "replay.cancelled", "The channel was removed.")
        }
        try set(end.state, of: replay.id)
        try audit(
            end.action, "replay:\(replay.id)",
            ["channel_id": JSONValue(replay.request.channelID), "reason": .string(end.reason)], actor: Self.system)
        return nil
    }

    /// How many of a piece were made due, and how many could not be read.
    fileprivate func make(
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

    /// By what the channel wants now.
    private func isUnwanted(
        _ candidate: ReplayPiece.Candidate, by channel: Channel
    ) throws(RepositoryError) -> Bool {
        guard let content = candidate.content else { return false }
        var history: RunHistory?
        return try reasonToSkip(
            content, as: candidate.eventID, subscribedTo: channel.subscription, known: &history) != nil
    }

    /// An event that cannot be read does not stop the replay of the others.
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

    fileprivate func cursor(of replay: Replay) throws(RepositoryError) -> EventID {
        try connection.row(
            "SELECT cursor FROM replays WHERE organization_id = $1 AND replay_id = $2",
            [SQLValue(organization), SQLValue(replay.id)]
        ) { row in row.id(0) } ?? .least
    }

    /// The last of the events that are looked at at once; nil when fewer are left.
    private func lastEvent(after cursor: EventID) throws(RepositoryError) -> EventID? {
        try connection.row(
            """
            SELECT event_id FROM events WHERE organization_id = $1 AND event_id > $2
            ORDER BY event_id LIMIT 1 OFFSET \(Self.eventsAtOnce)
            """, [SQLValue(organization), SQLValue(cursor)]
        ) { row in row.id(0) }
    }

    /// False when the delivery is not what it was when it was looked at: somebody has retried it, say.
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

    /// A delivery of an event that the channel never got. The event then has one more, and the ledger holds. False when
    /// there is one by now, or the event is gone.
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

    /// The next piece may be looked at when the last of this one is due.
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
