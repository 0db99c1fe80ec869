import Notifications

extension Transaction {
    /// See `Repository.accept`.
    func accept(
        _ posted: PostedEvent, idempotencyKey: String?, claiming permit: ClaimPermit? = nil
    ) throws(RepositoryError) -> Acceptance {
        if let idempotencyKey, let before = try acceptance(under: idempotencyKey, hash: posted.hash) { return before }
        let event = EventID(at: at)
        let channels = try channelsOfToday(for: posted.content, as: event)
        let found = try insert(posted.content, payload: posted.payload, as: event, channels: channels.count)
        let content = posted.content.with(userName: found.userName)
        let deliveries = try deliveries(of: content, to: channels, link: found.link, claiming: permit)
        try insert(deliveries, of: event)
        let acceptance = Acceptance(of: event, content, deliveries, in: organization, dueAt: due)
        if let idempotencyKey { try remember(idempotencyKey, hash: posted.hash, acceptance) }
        return acceptance
    }

    /// The earlier result for the same key; nil if the key is new or has expired.
    private func acceptance(under key: String, hash: [UInt8]) throws(RepositoryError) -> Acceptance? {
        let found = try connection.row(
            """
            SELECT request_hash, event_id, due, skipped FROM idempotency_keys
            WHERE organization_id = $1 AND key = $2 AND expires_at > $3
            """, [SQLValue(organization), SQLValue(key), SQLValue(at)]
        ) { row in
            (
                row.blob(0),
                Acceptance(
                    organizationID: organization, eventID: row.id(1), due: Int(row.integer(2)),
                    skipped: Int(row.integer(3)), isReplay: true, dueQueues: [])
            )
        }
        guard let found else { return nil }
        guard found.0 == hash else { throw .idempotencyMismatch }
        return found.1
    }

    private func remember(
        _ key: String, hash: [UInt8], _ acceptance: Acceptance
    ) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO idempotency_keys (organization_id, key, request_hash, event_id, due, skipped, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (organization_id, key) DO UPDATE SET
                request_hash = $3, event_id = $4, due = $5, skipped = $6, expires_at = $7
            """,
            [
                SQLValue(organization), SQLValue(key), .blob(hash), SQLValue(acceptance.eventID),
                SQLValue(acceptance.due), SQLValue(acceptance.skipped),
                SQLValue(at + Repository.idempotencyLifetime),
            ])
    }

    /// Returns the text of the organization's run link template, which is in the row that counts the events, and the
    /// display name of the event's user: the same statement looks it up, once for all deliveries.
    @discardableResult
    func insert(
        _ content: EventContent, payload: String, as event: EventID, channels: Int
    ) throws(RepositoryError) -> (link: String?, userName: String?) {
        let counted = try connection.row(
            """
            UPDATE organizations SET event_sequence = event_sequence + 1 WHERE organization_id = $1
            RETURNING event_sequence, run_link_template,
                (SELECT m.display_name FROM members m WHERE m.organization_id = $1 AND m.user_id = $2)
            """, [SQLValue(organization), SQLValue(content.run?.userID)]
        ) { row in (sequence: row.integer(0), link: row.optionalText(1), userName: row.optionalText(2)) }
        guard let counted else { throw .organizationNotFound }
        try connection.execute(
            """
            INSERT INTO events
                (organization_id, event_id, sequence, type, load_test_run_id, payload, received_at, channels,
                    load_test_id, project_id, status, search_name, user_name)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            [
                SQLValue(organization), SQLValue(event), SQLValue(counted.sequence), SQLValue(content.type.rawValue),
                SQLValue(content.run?.id), SQLValue(payload), SQLValue(at), SQLValue(channels),
                SQLValue(content.run?.loadTestID), SQLValue(content.run?.projectID),
                SQLValue(content.run?.status.code), SQLValue(content.run?.searchName), SQLValue(counted.userName),
            ])
        return (counted.link, counted.userName)
    }

    /// Every current channel, with the reason why it skips the event, if it does. A paused channel receives later what
    /// it subscribes to.
    private func channelsOfToday(
        for content: EventContent, as event: EventID
    ) throws(RepositoryError) -> [Addressee] {
        let channels = try connection.rows(
            """
            SELECT channel_id, host, subscription, state, generation, kind, version FROM channels
            WHERE organization_id = $1 AND state <> 'removed'
            """, [SQLValue(organization)]
        ) { row in
            ChannelOfToday(
                id: row.id(0), host: row.optionalText(1), subscription: row.text(2),
                state: ChannelState(rawValue: row.text(3)) ?? .disabled, generation: row.integer(4), kind: row.text(5),
                version: row.integer(6))
        }
        var history: RunHistory?
        var addressees: [Addressee] = []
        for channel in channels {
            let reason = try reasonToSkip(content, as: event, at: channel, &history)
            addressees.append(
                Addressee(
                    channel: channel.id, host: channel.host, reasonToSkip: reason, generation: channel.generation,
                    version: channel.version, isSentNow: reason == nil && channel.state == .enabled))
        }
        return addressees
    }

    private struct ChannelOfToday {
        let id: ChannelID
        let host: String?
        /// As it is stored.
        let subscription: String
        let state: ChannelState
        let generation: Int64
        let kind: String
        let version: Int64
    }

    /// What the channel does not want is not asked of its kind.
    private func reasonToSkip(
        _ content: EventContent, as event: EventID, at channel: ChannelOfToday, _ history: inout RunHistory?
    ) throws(RepositoryError) -> SkipReason? {
        if channel.state == .disabled { return .channelDisabled }
        let unwanted = try reasonToSkip(content, as: event, subscribedTo: channel.subscription, &history)
        return unwanted ?? kinds.kind(channel.kind)?.declines(content).map(SkipReason.declined)
    }

    private func reasonToSkip(
        _ content: EventContent, as event: EventID, subscribedTo text: String, _ history: inout RunHistory?
    ) throws(RepositoryError) -> SkipReason? {
        if text == Subscription.everythingText { return nil }
        let wanted: Subscription
        do {
            wanted = try subscription(text)
        } catch .unreadable {
            // The claim will set the channel aside; the event's other channels are not affected.
            return nil
        }
        return try reasonToSkip(content, as: event, subscribedTo: wanted, known: &history)
    }

    /// One delivery per channel.
    private func deliveries(
        of content: EventContent, to channels: [Addressee], link: String?, claiming permit: ClaimPermit?
    ) throws(RepositoryError) -> [NewDelivery] {
        let ready = try permit.map { permit throws(RepositoryError) in
            let ready = try readyNow(channels, for: content, by: permit)
            if ready.isEmpty { return ready }
            return try connection.hasNode(permit.owner) ? ready : [:]
        }
        let template = ready?.isEmpty == false ? link.flatMap(RunLinkTemplate.init) : nil
        let runLink = content.link(by: template)
        return try channels.map { addressee throws(RepositoryError) in
            var delivery = NewDelivery(id: DeliveryID(at: at), addressee: addressee)
            if let permit, let channel = ready?[addressee.channel] {
                delivery.claim = try claim(delivery.id, of: content, at: channel, runLink: runLink)
                delivery.lease = (permit.owner, due + permit.lease)
            }
            return delivery
        }
    }

    func insert(_ deliveries: [NewDelivery], of event: EventID) throws(RepositoryError) {
        try connection.executeMany(
            """
            INSERT INTO deliveries
                (organization_id, delivery_id, event_id, channel_id, state, reason, due_at, created_at, updated_at,
                    generation, attempts, fencing_token, lease_owner, lease_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $10, $11, $12)
            """,
            deliveries.map { delivery in
                let addressee = delivery.addressee
                return [
                    SQLValue(organization), SQLValue(delivery.id), SQLValue(event), SQLValue(addressee.channel),
                    SQLValue(delivery.state.rawValue), SQLValue(addressee.reasonToSkip?.rawValue), SQLValue(due),
                    SQLValue(at), SQLValue(addressee.generation), SQLValue(delivery.claim?.attempt ?? 0),
                    SQLValue(delivery.lease?.owner), SQLValue(delivery.lease?.until),
                ]
            })
    }
}

extension Subscription {
    /// The stored text of the most common subscription, so that the hot path need not parse it.
    fileprivate static let everythingText = Subscription.everything.json.compactText
}

extension LoadTestRun {
    /// What a list is searched by.
    fileprivate var searchName: String { name.prefix(bytes: 500).lowercased() }
}
