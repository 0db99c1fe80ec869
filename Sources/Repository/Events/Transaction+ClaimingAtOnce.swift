import Notifications

/// Deliveries that are claimed in the transaction that accepts their event.
extension Transaction {
    /// For each addressee of each event, the channel if it is among those of the event's permit and the event may go there
    /// as soon as it is committed: it is enabled, without a rate to keep, not held or failing, and not about to receive the
    /// start of the run first. Channels whose settings would have to be decrypted are left to an ordinary claim.
    func readyNow(
        _ events: [NewEvent], by permits: [ClaimPermit?], _ audience: inout EventAudience
    ) throws(RepositoryError) -> [[Channel?]] {
        var permitted = zip(events, permits).map { event, permit in
            event.addressees.filter { $0.isSentNow && permit?.channels.contains($0.channel) == true }
        }
        try examine(permitted.joined(), &audience)
        for index in permitted.indices {
            permitted[index].removeAll { audience.ready[$0.channel] == nil }
            guard let permit = permits[index], !permitted[index].isEmpty else { continue }
            if try !isThere(permit.owner, &audience) { permitted[index] = [] }
        }
        let awaiting = try channelsAwaitingStart(of: events, among: permitted)
        return events.indices.map { index in
            let ready = Set(permitted[index].map(\.channel)).subtracting(awaiting[index])
            return events[index].addressees.map { addressee in
                ready.contains(addressee.channel) ? audience.ready[addressee.channel] : nil
            }
        }
    }

    /// Finds out which channels may be sent to at once.
    private func examine(
        _ addressees: some Sequence<Addressee>, _ audience: inout EventAudience
    ) throws(RepositoryError) {
        var channels: [Channel] = []
        for addressee in addressees where !audience.examined.contains(addressee.channel) {
            audience.note(nil, at: addressee.channel)
            let channel = kept.channels.channel(addressee.channel, of: organization, version: addressee.version)
            if let channel, channel.rate == nil { channels.append(channel) }
        }
        for (channel, health) in zip(channels, try health(of: channels.map(\.id))) where health.allowsAnything(at: due)
        {
            audience.note(channel, at: channel.id)
        }
    }

    private func isThere(_ node: String, _ audience: inout EventAudience) throws(RepositoryError) -> Bool {
        if let known = audience.nodes[node] { return known }
        let isThere = try connection.hasNode(node)
        audience.nodes[node] = isThere
        return isThere
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

    /// For each event that ends a run, the channels at which the run's start is still to be tried, by the rule of
    /// `openStart`.
    private func channelsAwaitingStart(
        of events: [NewEvent], among addressees: [[Addressee]]
    ) throws(RepositoryError) -> [Set<ChannelID>] {
        var awaiting = [Set<ChannelID>](repeating: [], count: events.count)
        var (ends, lists): ([Int], [[SQLValue]]) = ([], [])
        for (index, event) in events.enumerated() where event.content.type == .testFinished {
            guard let run = event.content.run, let first = addressees[index].map(\.channel).min() else { continue }
            ends.append(index)
            lists.append([SQLValue(organization), SQLValue(run.id), SQLValue(first)])
        }
        try connection.forEachRow(
            """
            SELECT b.channel_id FROM (
                SELECT s.event_id FROM events s
                WHERE s.organization_id = $1 AND s.load_test_run_id = $2 AND s.type = 'test.started'
                ORDER BY s.event_id DESC LIMIT 8) started
            \(PlannerHint.joinInOrder) deliveries b
            WHERE b.organization_id = $1 AND b.event_id = started.event_id AND b.channel_id >= $3
                AND b.state IN ('due', 'claimed') AND b.attempts <= 1
            """, each: lists
        ) { number, row in awaiting[ends[number]].insert(row.id(0)) }
        return awaiting
    }
}

extension ChannelHealth {
    fileprivate func allowsAnything(at now: Timestamp) -> Bool { circuit == nil && heldUntil <= now }
}
