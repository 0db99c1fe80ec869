import Notifications

/// A delivery with what a person wants to see next to it.
package struct DeliveryLine: Sendable {
    package let delivery: Delivery
    package let channelName: String
    /// Of the channel.
    package let kind: String
    package let content: EventContent
    /// The status of the newest attempt's answer.
    package let lastStatus: Int?
    /// What became of it, in words.
    package let text: String
    /// Whether it is due, but waits until its channel is resumed.
    package let isHeld: Bool
}

extension Repository {
    /// The same list as `deliveries`, with more about each.
    package func deliveryBoard(
        of organization: OrganizationID, filter: DeliveryFilter, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<DeliveryLine> {
        try await look(organization, .read, "deliveries.list", as: principal) { transaction throws(RepositoryError) in
            let found = try DeliveryFinder(transaction: transaction, filter: filter).page(page)
            let places = try found.items.map { id throws(RepositoryError) in try transaction.boardPlaces(id) }
            return Page(items: try transaction.lines(places.flatMap { $0 }), next: found.next)
        }
    }
}

extension Transaction {
    /// One delivery; empty if its channel or event no longer exists.
    fileprivate func boardPlaces(_ id: DeliveryID) throws(RepositoryError) -> [BoardPlace] {
        try connection.rows(
            """
            SELECT \(BoardPlace.columns) FROM \(Delivery.table)
            JOIN channels c ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
            JOIN events e ON e.organization_id = d.organization_id AND e.event_id = d.event_id
            LEFT JOIN attempts a ON a.organization_id = d.organization_id AND a.delivery_id = d.delivery_id
                AND a.number = (SELECT max(l.number) FROM attempts l
                    WHERE l.organization_id = d.organization_id AND l.delivery_id = d.delivery_id)
            LEFT JOIN channel_health h ON h.organization_id = d.organization_id AND h.channel_id = d.channel_id
            WHERE d.organization_id = $1 AND d.delivery_id = $2
            """, [SQLValue(organization), SQLValue(id)]
        ) { row in BoardPlace(row, of: organization, at: at) }
    }

    /// Reads each channel's history once, however many lines need it.
    fileprivate func lines(_ places: [BoardPlace]) throws(RepositoryError) -> [DeliveryLine] {
        var histories: [ChannelID: ChannelHistory] = [:]
        var lines: [DeliveryLine] = []
        for place in places {
            let channel = place.delivery.channelID
            if place.needsHistory, histories[channel] == nil { histories[channel] = try history(of: channel) }
            lines.append(
                place.line(
                    history: histories[channel] ?? ChannelHistory([]), receiver: kinds.receiver(of: place.kind), now: at
                ))
        }
        return lines
    }
}

/// A delivery with its channel, its event and its newest attempt.
private struct BoardPlace {
    let delivery: Delivery
    private let channelName: String
    let kind: String
    private let channelState: ChannelState
    private let content: EventContent
    private let receivedAt: Timestamp
    private let dueAt: Timestamp
    private let firstArrival: DeliveryExplanation.Arrival?
    private let lastFinding: String?
    private let lastStatus: Int?
    private let wait: DeliveryExplanation.Wait?
    private let health: ReceiverHealth?

    static let columns = """
        \(Delivery.columns), c.name, c.kind, c.state, e.payload, e.received_at, \(ShownTime.of("d.due_at")),
        a.finding_text, a.status, e.type, e.user_name, \(DeliveryExplanation.Arrival.columns),
        \(DeliveryExplanation.Wait.columns), \(ReceiverHealth.columns)
        """

    init(_ row: any SQLRow, of organization: OrganizationID, at now: Timestamp) {
        delivery = Delivery(row, of: organization)
        channelName = row.text(9)
        kind = row.text(10)
        channelState = ChannelState(rawValue: row.text(11)) ?? .disabled
        content = EventContent.shown(row.text(12), type: row.text(17), userName: row.optionalText(18))
        receivedAt = row.time(13)
        dueAt = row.time(14)
        lastFinding = row.optionalText(15)
        lastStatus = row.optionalInteger(16).map(Int.init)
        firstArrival = DeliveryExplanation.Arrival(row, from: 19)
        wait = DeliveryExplanation.Wait(row, from: 21)
        health = ReceiverHealth(row, from: 23, at: now)
    }

    var needsHistory: Bool { DeliveryExplanation.needsHistory(delivery.state, channelState) }

    func line(history: ChannelHistory, receiver: String, now: Timestamp) -> DeliveryLine {
        let explanation = DeliveryExplanation(
            state: delivery.state, reason: delivery.reason, attempts: delivery.attempts, dueAt: dueAt,
            updatedAt: delivery.updatedAt, receivedAt: receivedAt, firstArrival: firstArrival,
            lastFinding: lastFinding, receiver: receiver,
            channelState: channelState, history: history, health: health, wait: wait,
            now: now)
        return DeliveryLine(
            delivery: delivery, channelName: channelName, kind: kind, content: content, lastStatus: lastStatus,
            text: explanation.text, isHeld: delivery.state == .due && channelState == .paused)
    }
}
