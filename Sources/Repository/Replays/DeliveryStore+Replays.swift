import Notifications

extension DeliveryStore {
    /// Replays that may make something due now. A replay waits while its channel has open settlements, because it might
    /// miss deliveries that these skip.
    package func replaysToAdvance() async throws(RepositoryError) -> [(OrganizationID, ReplayID)] {
        let at = context.scheduled()
        return try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
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

    /// Makes the next piece of a replay due: as much as its rate allows in ten seconds, spread over them. Nil if it is
    /// no longer running.
    ///
    /// Candidates are found outside the write transaction, which only makes due those that still qualify.
    package func advanceReplay(
        _ id: ReplayID, of organization: OrganizationID
    ) async throws(RepositoryError) -> ReplayProgress? {
        let piece = try await context.read(of: organization) { transaction throws(RepositoryError) in
            try transaction.nextPiece(of: id)
        }
        return try await context.serve(organization) { transaction throws(RepositoryError) in
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
