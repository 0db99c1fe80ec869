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
        let awaiting = try examine(permitted, of: events, by: permits, &audience)
        for index in permitted.indices {
            let isNodeThere = permits[index].flatMap { audience.nodes[$0.owner] } ?? false
            permitted[index].removeAll { addressee in
                !isNodeThere || audience.ready[addressee.channel] == nil || awaiting[index].contains(addressee.channel)
            }
        }
        return zip(events, permitted).map { event, permitted in
            let ready = Set(permitted.map(\.channel))
            return event.addressees.map { ready.contains($0.channel) ? audience.ready[$0.channel] : nil }
        }
    }

    /// Finds out which channels may be sent to at once, and which nodes there are. Returns for each event that ends a run
    /// the channels at which the run's start is still to be tried, by the rule of `openStart`.
    private func examine(
        _ permitted: [[Addressee]], of events: [NewEvent], by permits: [ClaimPermit?],
        _ audience: inout EventAudience
    ) throws(RepositoryError) -> [Set<ChannelID>] {
        let channels = unexamined(permitted.joined(), &audience)
        let nodes = zip(permits, permitted).filter { !$1.isEmpty }.compactMap { $0.0?.owner }
        let unknown = Array(Set(nodes).subtracting(audience.nodes.keys))
        let ends = events.indices.filter { events[$0].content.type == .testFinished && !permitted[$0].isEmpty }
        var healths = [ChannelHealth](repeating: ChannelHealth(), count: channels.count)
        var awaiting = [Set<ChannelID>](repeating: [], count: events.count)
        var isThere: Set<String> = []
        try connection.together([
            SQLStep(asking: Self.healthOfChannel, channels.map { [SQLValue(organization), SQLValue($0.id)] }) {
                number, row in healths[number] = ChannelHealth(row)
            },
            SQLStep(asking: Self.node, unknown.map { [SQLValue($0)] }) { number, _ in isThere.insert(unknown[number]) },
            SQLStep(
                asking: Self.awaitingStart,
                ends.map { end in
                    let first = permitted[end].map(\.channel).min() ?? .least
                    return [SQLValue(organization), SQLValue(events[end].content.run?.id), SQLValue(first)]
                }
            ) { number, row in awaiting[ends[number]].insert(row.id(0)) },
        ])
        for node in unknown { audience.nodes[node] = isThere.contains(node) }
        for (channel, health) in zip(channels, healths) where health.allowsAnything(at: due) {
            audience.note(channel, at: channel.id)
        }
        return awaiting
    }

    /// Channels that nobody has looked at, and whose settings are kept.
    private func unexamined(_ addressees: some Sequence<Addressee>, _ audience: inout EventAudience) -> [Channel] {
        var channels: [Channel] = []
        for addressee in addressees where !audience.examined.contains(addressee.channel) {
            audience.note(nil, at: addressee.channel)
            let channel = kept.channels.channel(addressee.channel, of: organization, version: addressee.version)
            if let channel, channel.rate == nil { channels.append(channel) }
        }
        return channels
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

    /// The channels, from one on, at which the start of a run is still to be tried.
    private static let awaitingStart = """
        SELECT b.channel_id FROM (
            SELECT s.event_id FROM events s
            WHERE s.organization_id = $1 AND s.load_test_run_id = $2 AND s.type = 'test.started'
            ORDER BY s.event_id DESC LIMIT 8) started
        \(PlannerHint.joinInOrder) deliveries b
        WHERE b.organization_id = $1 AND b.event_id = started.event_id AND b.channel_id >= $3
            AND b.state IN ('due', 'claimed') AND b.attempts <= 1
        """
}

extension ChannelHealth {
    fileprivate func allowsAnything(at now: Timestamp) -> Bool { circuit == nil && heldUntil <= now }
}
