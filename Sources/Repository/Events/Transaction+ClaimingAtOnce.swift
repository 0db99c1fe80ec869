import Notifications

/// Deliveries that are claimed in the transaction that accepts their event.
extension Transaction {
    /// The channels of the permit to which the event may go as soon as it is committed: enabled, without a rate to keep,
    /// not held or failing, and not about to receive the start of the run first. Channels whose settings would have to
    /// be decrypted are left to an ordinary claim.
    func readyNow(
        _ channels: [Addressee], for content: EventContent, by permit: ClaimPermit
    ) throws(RepositoryError) -> [ChannelID: Channel] {
        var ready: [ChannelID: Channel] = [:]
        for addressee in channels where addressee.isSentNow && permit.channels.contains(addressee.channel) {
            guard
                let channel = kept.channels.channel(addressee.channel, of: organization, version: addressee.version),
                channel.rate == nil, try health(of: channel.id).allowsAnything(at: due)
            else { continue }
            ready[channel.id] = channel
        }
        if let first = ready.keys.min(), content.type == .testFinished, let run = content.run {
            for channel in try channelsAwaitingStart(of: run.id, from: first) { ready[channel] = nil }
        }
        return ready
    }

    /// A new delivery's first claim.
    func claim(
        _ id: DeliveryID, of content: EventContent, at channel: Channel, runLink: String?
    ) throws(RepositoryError) -> ClaimedDelivery {
        ClaimedDelivery(
            id: id, queue: ChannelQueue(organizationID: organization, channelID: channel.id), content: content,
            channel: channel, runLink: runLink,
            startedMessage: try startedMessage(for: content, at: channel), host: channel.host, attempt: 1,
            attemptOfRound: 1, isProbe: false, fencingToken: 1)
    }

    /// The channels, from this one on, at which the start of the run is still to be tried, by the rule of `openStart`.
    private func channelsAwaitingStart(
        of run: LoadTestRunID, from first: ChannelID
    ) throws(RepositoryError) -> [ChannelID] {
        try connection.rows(
            """
            SELECT b.channel_id FROM (
                SELECT s.event_id FROM events s
                WHERE s.organization_id = $1 AND s.load_test_run_id = $2 AND s.type = 'test.started'
                ORDER BY s.event_id DESC LIMIT 8) started
            \(PlannerHint.joinInOrder) deliveries b
            WHERE b.organization_id = $1 AND b.event_id = started.event_id AND b.channel_id >= $3
                AND b.state IN ('due', 'claimed') AND b.attempts <= 1
            """, [SQLValue(organization), SQLValue(run), SQLValue(first)]
        ) { row in row.id(0) }
    }
}

extension ChannelHealth {
    fileprivate func allowsAnything(at now: Timestamp) -> Bool { circuit == nil && heldUntil <= now }
}
