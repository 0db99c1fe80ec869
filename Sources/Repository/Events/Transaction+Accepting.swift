import Crypto
import Notifications

extension Transaction {
    /// See `Repository.accept`.
    func accept(_ content: EventContent, idempotencyKey: String?) throws(RepositoryError) -> Acceptance {
        let payload = content.json.compactText
        let hash = Array(SHA256.hash(data: Array(payload.utf8)))
        if let idempotencyKey, let before = try acceptance(under: idempotencyKey, hash: hash) { return before }
        let event = EventID(at: at)
        let channels = try channelsOfToday(for: content, as: event)
        try insert(content, payload: payload, as: event, channels: channels.count)
        let counts = try fanOut(event, to: channels)
        if let idempotencyKey { try remember(idempotencyKey, hash: hash, event: event, counts: counts) }
        return Acceptance(
            organizationID: organization, eventID: event, due: counts.due.count, skipped: counts.skipped,
            isReplay: false, dueQueues: counts.due)
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
        _ key: String, hash: [UInt8], event: EventID, counts: (due: [DueQueue], skipped: Int)
    ) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO idempotency_keys (organization_id, key, request_hash, event_id, due, skipped, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (organization_id, key) DO UPDATE SET
                request_hash = $3, event_id = $4, due = $5, skipped = $6, expires_at = $7
            """,
            [
                SQLValue(organization), SQLValue(key), .blob(hash), SQLValue(event), SQLValue(counts.due.count),
                SQLValue(counts.skipped), SQLValue(at + Repository.idempotencyLifetime),
            ])
    }

    func insert(
        _ content: EventContent, payload: String, as event: EventID, channels: Int
    ) throws(RepositoryError) {
        let sequence = try connection.row(
            """
            UPDATE organizations SET event_sequence = event_sequence + 1 WHERE organization_id = $1
            RETURNING event_sequence
            """, [SQLValue(organization)]
        ) { row in row.integer(0) }
        guard let sequence else { throw .organizationNotFound }
        try connection.execute(
            """
            INSERT INTO events
                (organization_id, event_id, sequence, type, load_test_run_id, payload, received_at, channels,
                    load_test_id, project_id, status)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                SQLValue(organization), SQLValue(event), SQLValue(sequence), SQLValue(content.type.rawValue),
                SQLValue(content.run?.id), SQLValue(payload), SQLValue(at), SQLValue(channels),
                SQLValue(content.run?.loadTestID), SQLValue(content.run?.projectID),
                SQLValue(content.run?.status.code),
            ])
    }

    /// Every current channel, with the reason why it skips the event, if it does. A paused channel receives later what
    /// it subscribes to.
    private func channelsOfToday(
        for content: EventContent, as event: EventID
    ) throws(RepositoryError) -> [Addressee] {
        let channels = try connection.rows(
            """
            SELECT channel_id, host, subscription, state, generation, kind FROM channels
            WHERE organization_id = $1 AND state <> 'removed'
            """, [SQLValue(organization)]
        ) { row in
            ChannelOfToday(
                id: row.id(0), host: row.optionalText(1), subscription: row.text(2),
                isDisabled: row.text(3) == ChannelState.disabled.rawValue, generation: row.integer(4), kind: row.text(5)
            )
        }
        var history: RunHistory?
        var addressees: [Addressee] = []
        for channel in channels {
            let reason = try reasonToSkip(content, as: event, at: channel, &history)
            addressees.append(
                Addressee(
                    channel: channel.id, host: channel.host, reasonToSkip: reason, generation: channel.generation))
        }
        return addressees
    }

    private struct ChannelOfToday {
        let id: ChannelID
        let host: String?
        /// As it is stored.
        let subscription: String
        let isDisabled: Bool
        let generation: Int64
        let kind: String
    }

    /// What the channel does not want is not asked of its kind.
    private func reasonToSkip(
        _ content: EventContent, as event: EventID, at channel: ChannelOfToday, _ history: inout RunHistory?
    ) throws(RepositoryError) -> SkipReason? {
        if channel.isDisabled { return .channelDisabled }
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

    /// Creates one delivery per channel. Returns the channels that have something due and the number of those that skip
    /// it.
    func fanOut(
        _ event: EventID, to channels: [Addressee]
    ) throws(RepositoryError) -> (due: [DueQueue], skipped: Int) {
        try connection.executeMany(
            """
            INSERT INTO deliveries
                (organization_id, delivery_id, event_id, channel_id, state, reason, due_at, created_at, updated_at,
                    generation)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
            """,
            channels.map { addressee in
                let state = addressee.reasonToSkip == nil ? DeliveryState.due : .skipped
                return [
                    SQLValue(organization), SQLValue(DeliveryID(at: at)), SQLValue(event), SQLValue(addressee.channel),
                    SQLValue(state.rawValue), SQLValue(addressee.reasonToSkip?.rawValue), SQLValue(self.due),
                    SQLValue(at), SQLValue(addressee.generation),
                ]
            })
        let due = channels.filter { $0.reasonToSkip == nil }.map { addressee in
            DueQueue(
                queue: ChannelQueue(organizationID: organization, channelID: addressee.channel), host: addressee.host,
                dueAt: self.due)
        }
        return (due, channels.count - due.count)
    }
}

/// A channel as it was when the event was accepted.
struct Addressee {
    let channel: ChannelID
    let host: String?
    let reasonToSkip: SkipReason?
    /// The channel's generation, which its due delivery also gets.
    let generation: Int64
}

extension Subscription {
    /// The stored text of the most common subscription, so that the hot path need not parse it.
    fileprivate static let everythingText = Subscription.everything.json.compactText
}
