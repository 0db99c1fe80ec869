import Notifications

/// What became of an event at every channel.
extension Transaction {
    /// Every current channel, and removed ones that had a delivery of the event, in order of creation.
    func outcomes(of event: Event) throws(RepositoryError) -> [ChannelOutcome] {
        try places(of: event).map { place throws(RepositoryError) in try outcome(place, of: event) }
    }

    /// Only the first outcomes are explained, since an explanation may need the channel's history.
    func digest(of event: Event, first limit: Int = 50) throws(RepositoryError) -> OutcomeDigest {
        let places = try places(of: event)
        let groups = Dictionary(grouping: places) { $0.state }
        let sorted = OutcomeDigest.order.flatMap { groups[$0] ?? [] }
        let first = try sorted.prefix(limit).map { place throws(RepositoryError) in try outcome(place, of: event) }
        return OutcomeDigest(first: first, counts: groups.mapValues(\.count))
    }

    private func outcome(_ place: OutcomePlace, of event: Event) throws(RepositoryError) -> ChannelOutcome {
        let history = place.needsHistory ? try history(of: place.channelID) : ChannelHistory([])
        return place.outcome(of: event, history: history, receiver: kinds.receiver(of: place.kind), now: at)
    }

    /// Channels that were removed are found by the event's deliveries: there may be far more of them than had one.
    private func places(of event: Event) throws(RepositoryError) -> [OutcomePlace] {
        try connection.rows(
            """
            WITH shown AS MATERIALIZED (
                SELECT channel_id FROM channels WHERE organization_id = $1 AND state <> 'removed'
                UNION SELECT channel_id FROM deliveries
                WHERE organization_id = $1 AND event_id = $2 AND \(PlannerHint.any("channel_id", from: "$3")))
            SELECT c.channel_id, c.name, c.kind, c.state, c.created_at, d.delivery_id, \(Settlement.state),
                \(Settlement.reason), d.attempts, \(ShownTime.of("d.due_at")), \(Settlement.updatedAt), a.finding_text,
                \(DeliveryExplanation.Arrival.columns), \(DeliveryExplanation.Wait.columns),
                \(ReceiverHealth.columns)
            FROM shown \(PlannerHint.joinInOrder) channels c
            LEFT JOIN deliveries d ON d.organization_id = c.organization_id AND d.event_id = $2
                AND d.channel_id = c.channel_id
            \(Settlement.join)
            LEFT JOIN attempts a ON a.organization_id = d.organization_id AND a.delivery_id = d.delivery_id
                AND a.number = (SELECT max(number) FROM attempts l
                    WHERE l.organization_id = d.organization_id AND l.delivery_id = d.delivery_id)
            LEFT JOIN channel_health h ON h.organization_id = c.organization_id AND h.channel_id = c.channel_id
            WHERE c.organization_id = $1 AND c.channel_id = shown.channel_id
            ORDER BY c.channel_id
            """, [SQLValue(organization), SQLValue(event.id), SQLValue(ChannelID.least)]
        ) { row in OutcomePlace(row, at: at) }
    }

    /// Empty for a removed channel, whose revisions have been erased.
    func history(of channel: ChannelID) throws(RepositoryError) -> ChannelHistory {
        let steps = try connection.rows(
            """
            SELECT created_at, actor, state, subscription, disabled_reason FROM channel_revisions
            WHERE organization_id = $1 AND channel_id = $2 ORDER BY version DESC LIMIT $3
            """, [SQLValue(organization), SQLValue(channel), SQLValue(Self.revisionsKept)]
        ) { row in
            // A damaged old subscription must not hide what became of the event.
            let wanted = try? subscription(row.text(3))
            return ChannelHistory.Step(
                at: row.time(0), actor: row.text(1), state: ChannelState(rawValue: row.text(2)) ?? .disabled,
                subscription: wanted ?? .everything, disabledReason: row.optionalText(4))
        }
        var names: [UserID: String?] = [:]
        for user in Set(steps.compactMap { DisplayNames.user($0.actor) }) { names[user] = try displayName(of: user) }
        return ChannelHistory(
            steps.reversed().map { $0.named(DisplayNames.user($0.actor).flatMap { names[$0] ?? nil }) })
    }
}

/// A channel, with its delivery of one event, if any.
private struct OutcomePlace {
    let channelID: ChannelID
    private let name: String
    let kind: String
    private let channelState: ChannelState
    private let madeAt: Timestamp
    private let delivery: Found?
    private let wait: DeliveryExplanation.Wait?
    private let health: ReceiverHealth?

    private struct Found {
        let id: DeliveryID
        let state: DeliveryState
        let reason: String?
        let attempts: Int
        let dueAt: Timestamp
        let updatedAt: Timestamp
        let finding: String?
        let firstArrival: DeliveryExplanation.Arrival?
    }

    init(_ row: any SQLRow, at now: Timestamp) {
        channelID = row.id(0)
        name = row.text(1)
        kind = row.text(2)
        channelState = ChannelState(rawValue: row.text(3)) ?? .disabled
        madeAt = row.time(4)
        wait = DeliveryExplanation.Wait(row, from: 14)
        health = ReceiverHealth(row, from: 16, at: now)
        delivery =
            row.isNull(5)
            ? nil
            : Found(
                id: row.id(5), state: DeliveryState(rawValue: row.text(6)) ?? .failed, reason: row.optionalText(7),
                attempts: Int(row.integer(8)), dueAt: row.time(9), updatedAt: row.time(10),
                finding: row.optionalText(11), firstArrival: DeliveryExplanation.Arrival(row, from: 12))
    }

    /// Nil without a delivery.
    var state: DeliveryState? { delivery?.state }

    /// Whether the explanation depends on the channel's history and not only on the delivery.
    var needsHistory: Bool { DeliveryExplanation.needsHistory(delivery?.state, channelState) }

    func outcome(of event: Event, history: ChannelHistory, receiver: String, now: Timestamp) -> ChannelOutcome {
        guard let delivery else { return outcomeWithoutDelivery(of: event) }
        let explanation = DeliveryExplanation(
            state: delivery.state, reason: delivery.reason, attempts: delivery.attempts, dueAt: delivery.dueAt,
            updatedAt: delivery.updatedAt, receivedAt: event.receivedAt, firstArrival: delivery.firstArrival,
            lastFinding: delivery.finding, receiver: receiver, channelState: channelState,
            history: history, health: health, wait: wait, now: now)
        return ChannelOutcome(
            channelID: channelID, channelName: name, kind: kind, deliveryID: delivery.id, state: delivery.state,
            reason: delivery.reason, text: explanation.text)
    }

    private func outcomeWithoutDelivery(of event: Event) -> ChannelOutcome {
        let isLater = madeAt > event.receivedAt
        return ChannelOutcome(
            channelID: channelID, channelName: name, kind: kind, deliveryID: nil, state: nil,
            reason: isLater ? "did_not_exist" : "not_addressed",
            text: isLater
                ? DeliveryExplanation.didNotExist(madeAt: madeAt)
                : "Not sent: the event was not addressed to this channel.")
    }
}

extension DeliveryExplanation {
    /// Whether the explanation depends on the channel's history and not only on the delivery.
    static func needsHistory(_ state: DeliveryState?, _ channelState: ChannelState) -> Bool {
        switch state {
        case .skipped, .failed: true
        case .due: channelState == .paused
        default: false
        }
    }
}
