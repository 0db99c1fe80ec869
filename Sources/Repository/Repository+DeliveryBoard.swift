import Notifications

/// A delivery with what a person wants to see beside it.
package struct DeliveryLine: Sendable {
    package let delivery: Delivery
    package let channelName: String
    package let content: EventContent
    /// The status that the newest attempt was answered with.
    package let lastStatus: Int?
    /// What became of it, in words.
    package let text: String
}

extension Repository {
    /// Newest first; with `run`, those of its events only.
    package func deliveryBoard(
        of organization: OrganizationID, filter: DeliveryFilter, run: LoadTestRunID? = nil, page: PageRequest,
        as principal: Principal
    ) async throws(RepositoryError) -> Page<DeliveryLine> {
        try await look(organization, .read, "deliveries.list", as: principal) { transaction throws(RepositoryError) in
            var conditions = Conditions(organization: organization, table: "d")
            conditions.add("d.delivery_id <", try page.id(of: Delivery.self).map { .text($0.text) })
            conditions.add("d.state =", filter.state.map { .text($0.rawValue) })
            conditions.add("d.channel_id =", filter.channelID.map { .text($0.text) })
            conditions.add("d.event_id =", filter.eventID.map { .text($0.text) })
            conditions.add("d.created_at >=", filter.since.map { .integer($0.microseconds) })
            conditions.add("d.created_at <", filter.until.map { .integer($0.microseconds) })
            conditions.add("e.load_test_run_id =", run.map { .integer($0.value) })
            let places = try transaction.connection.rows(
                """
                SELECT \(BoardPlace.columns) FROM deliveries d
                JOIN channels c ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
                JOIN events e ON e.organization_id = d.organization_id AND e.event_id = d.event_id
                LEFT JOIN attempts a ON a.organization_id = d.organization_id AND a.delivery_id = d.delivery_id
                    AND a.number = (SELECT max(l.number) FROM attempts l
                        WHERE l.organization_id = d.organization_id AND l.delivery_id = d.delivery_id)
                LEFT JOIN channel_health h ON h.organization_id = d.organization_id AND h.channel_id = d.channel_id
                WHERE \(conditions.sql)
                ORDER BY d.delivery_id DESC LIMIT \(conditions.place(of: SQLValue(page.limit + 1)))
                """, conditions.values
            ) { row throws(RepositoryError) in try BoardPlace(row, of: organization, at: transaction.at) }
            return Page(try transaction.lines(places), limit: page.limit) { $0.delivery.id.text }
        }
    }
}

extension Transaction {
    /// The history of a channel is read once, however many lines need it.
    fileprivate func lines(_ places: [BoardPlace]) throws(RepositoryError) -> [DeliveryLine] {
        var histories: [ChannelID: ChannelHistory] = [:]
        var lines: [DeliveryLine] = []
        for place in places {
            let channel = place.delivery.channelID
            if place.needsHistory, histories[channel] == nil { histories[channel] = try history(of: channel) }
            lines.append(place.line(history: histories[channel] ?? ChannelHistory([]), now: at))
        }
        return lines
    }
}

/// A delivery with its channel, its event and its newest attempt.
private struct BoardPlace {
    let delivery: Delivery
    private let channelName: String
    private let kind: String
    private let channelState: ChannelState
    private let content: EventContent
    private let receivedAt: Timestamp
    private let dueAt: Timestamp
    private let firstArrival: DeliveryStory.Arrival?
    private let lastFinding: String?
    private let lastStatus: Int?
    private let health: ReceiverHealth?

    private static let own = Delivery.columns.split(separator: ", ").map { "d.\($0)" }.joined(separator: ", ")
    static let columns =
        own + """
            , c.name, c.kind, c.state, e.payload, e.received_at, d.due_at, a.finding_text, a.status,
            \(DeliveryStory.Arrival.columns), \(ReceiverHealth.columns)
            """

    init(_ row: any SQLRow, of organization: OrganizationID, at now: Timestamp) throws(RepositoryError) {
        delivery = Delivery(row, of: organization)
        channelName = row.text(9)
        kind = row.text(10)
        channelState = ChannelState(rawValue: row.text(11)) ?? .disabled
        content = try EventContent(stored: row.text(12))
        receivedAt = row.time(13)
        dueAt = row.time(14)
        lastFinding = row.optionalText(15)
        lastStatus = row.optionalInteger(16).map(Int.init)
        firstArrival = DeliveryStory.Arrival(row, from: 17)
        health = ReceiverHealth(row, from: 19, at: now)
    }

    var needsHistory: Bool { DeliveryStory.needsHistory(delivery.state, channelState) }

    func line(history: ChannelHistory, now: Timestamp) -> DeliveryLine {
        let story = DeliveryStory(
            state: delivery.state, reason: delivery.reason, attempts: delivery.attempts, dueAt: dueAt,
            updatedAt: delivery.updatedAt, receivedAt: receivedAt, firstArrival: firstArrival,
            lastFinding: lastFinding, lastStatus: lastStatus, receiver: DeliveryStory.receiver(of: kind),
            channelState: channelState, history: history, health: health,
            now: now)
        return DeliveryLine(
            delivery: delivery, channelName: channelName, content: content, lastStatus: lastStatus, text: story.text)
    }
}
