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
        try examine(permitted, of: events, by: permits, &audience)
        let readiness = audience.readiness
        for (index, event) in events.enumerated() {
            let isNodeThere = permits[index].map { readiness.isThere($0.owner) } ?? false
            let waiting = event.content.endedRun.map(readiness.channelsBeforeEnd) ?? []
            permitted[index].removeAll { addressee in
                !isNodeThere || audience.ready[addressee.channel] == nil || waiting.contains(addressee.channel)
            }
        }
        return zip(events, permitted).map { event, permitted in
            let ready = Set(permitted.map(\.channel))
            return event.addressees.map { ready.contains($0.channel) ? audience.ready[$0.channel] : nil }
        }
    }

    /// Finds out which channels may be sent to at once.
    private func examine(
        _ permitted: [[Addressee]], of events: [NewEvent], by permits: [ClaimPermit?],
        _ audience: inout EventAudience
    ) throws(RepositoryError) {
        let channels = unexamined(permitted.joined(), &audience)
        let wanted = events.indices.filter { !permitted[$0].isEmpty }
        try connection.together(
            audience.readiness.steps(
                channels.map(\.id), wanted.compactMap { permits[$0]?.owner },
                ended: wanted.compactMap { events[$0].content.endedRun }))
        for channel in channels where audience.readiness.health(of: channel.id).allowsAnything(at: due) {
            audience.note(channel, at: channel.id)
        }
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
}

extension ChannelHealth {
    fileprivate func allowsAnything(at now: Timestamp) -> Bool { circuit == nil && heldUntil <= now }
}
