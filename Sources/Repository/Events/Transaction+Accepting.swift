import Notifications

extension Transaction {
    /// Accepts the first of the postings, at least one and then others until so many rows have been written. Each has its
    /// own result. Those that do not depend on each other are accepted together, statement by statement, so that all of
    /// them wait for the database as often as one.
    func accept(
        _ postings: ArraySlice<Posting>, by audience: EventAudience, writing rows: Int
    ) throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] {
        guard !postings.isEmpty else { return [] }
        guard audience.isThere else { throw .organizationNotFound }
        var audience = audience
        var results: [Result<Acceptance, RepositoryError>] = []
        var written = 0
        while written < rows, results.count < postings.count {
            let most = (rows - written - 1) / audience.rowsOfEvent + 1
            let next = postings.dropFirst(results.count).independent(atMost: most, usesHistory: audience.usesHistory)
            for result in try accept(next, by: &audience) {
                results.append(result)
                written += 1 + ((try? result.get().deliveries) ?? 0)
            }
        }
        return results
    }

    /// Accepts postings that do not depend on each other.
    private func accept(
        _ postings: [Posting], by audience: inout EventAudience
    ) throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] {
        let before = postings.map { posting -> Result<Acceptance, RepositoryError>? in
            guard let earlier = posting.idempotencyKey.flatMap({ audience.earlier[$0] }) else { return nil }
            return earlier.hash == posting.event.hash ? .success(earlier.acceptance) : .failure(.idempotencyMismatch)
        }
        let fresh = zip(postings, before).filter { $0.1 == nil }.map(\.0)
        var accepted = try acceptNew(fresh, by: &audience)[...]
        return before.map { earlier in earlier ?? .success(accepted.removeFirst()) }
    }

    private func acceptNew(
        _ postings: [Posting], by audience: inout EventAudience
    ) throws(RepositoryError) -> [Acceptance] {
        guard !postings.isEmpty else { return [] }
        var events: [NewEvent] = []
        for posting in postings {
            let (id, name) = (EventID(at: at), posting.content.run.flatMap { audience.userNames[$0.userID] })
            events.append(
                NewEvent(
                    id: id, content: posting.content.with(userName: name), payload: posting.event.payload,
                    userName: name, addressees: try addressees(of: posting.content, as: id, among: audience.channels)))
        }
        let ready = try readyNow(events, by: postings.map(\.permit), &audience)
        let deliveries = try deliveries(of: events, ready, by: postings.map(\.permit), link: audience.link)
        let accepted = zip(postings, zip(events, deliveries)).map { posting, event in
            (posting, Acceptance(of: event.0, event.1, in: organization, dueAt: due))
        }
        try connection.together([
            SQLStep(Self.countingEvents, [[SQLValue(organization), SQLValue(events.count)]]),
            SQLStep(Self.insertingEvent, rows(of: events, after: audience.sequence)),
            SQLStep(Self.insertingDelivery, zip(events, deliveries).flatMap { rows(of: $1, of: $0.id) }),
            SQLStep(Self.rememberingKey, accepted.compactMap(valuesToRemember)),
        ])
        audience.note(accepted)
        return accepted.map(\.1)
    }

    /// All channels, with the reason why one skips the event, if it does. A paused channel receives later what it
    /// subscribes to.
    private func addressees(
        of content: EventContent, as event: EventID, among channels: [CurrentChannel]
    ) throws(RepositoryError) -> [Addressee] {
        var history: RunHistory?
        return try channels.map { channel throws(RepositoryError) in
            let reason = try reasonToSkip(content, as: event, at: channel, &history)
            return Addressee(
                channel: channel.id, host: channel.host, reasonToSkip: reason, generation: channel.generation,
                version: channel.version, isSentNow: reason == nil && channel.state == .enabled)
        }
    }

    /// What the channel does not want is not asked of its kind.
    private func reasonToSkip(
        _ content: EventContent, as event: EventID, at channel: CurrentChannel, _ history: inout RunHistory?
    ) throws(RepositoryError) -> SkipReason? {
        if channel.state == .disabled { return .channelDisabled }
        let unwanted =
            channel.wantsEverything
            ? nil : try reasonToSkip(content, as: event, subscribedTo: channel.subscription, &history)
        return unwanted ?? kinds.kind(channel.kind)?.declines(content).map(SkipReason.declined)
    }

    private func reasonToSkip(
        _ content: EventContent, as event: EventID, subscribedTo text: String, _ history: inout RunHistory?
    ) throws(RepositoryError) -> SkipReason? {
        let wanted: Subscription
        do {
            wanted = try subscription(text)
        } catch .unreadable {
            // The claim will set the channel aside; the event's other channels are not affected.
            return nil
        }
        return try reasonToSkip(content, as: event, subscribedTo: wanted, known: &history)
    }

    /// One delivery per addressee, for each event.
    private func deliveries(
        of events: [NewEvent], _ ready: [[Channel?]], by permits: [ClaimPermit?], link: String?
    ) throws(RepositoryError) -> [[NewDelivery]] {
        let isAnyReady = ready.contains { $0.contains { $0 != nil } }
        let template = isAnyReady ? link.flatMap(RunLinkTemplate.init) : nil
        var all: [[NewDelivery]] = []
        for (index, event) in events.enumerated() {
            let runLink = event.content.link(by: template)
            var deliveries = event.addressees.map { NewDelivery(id: DeliveryID(at: at), addressee: $0) }
            if let permit = permits[index] {
                for (place, channel) in ready[index].enumerated() {
                    guard let channel else { continue }
                    deliveries[place].claim = try claim(
                        deliveries[place].id, of: event.content, at: channel, runLink: runLink)
                    deliveries[place].lease = (permit.owner, due + permit.lease)
                }
            }
            all.append(deliveries)
        }
        return all
    }
}
