import Notifications

/// A delivery with what a person wants to see beside it.
package struct DeliveryLine: Sendable {
    package let delivery: Delivery
    package let channelName: String
    package let kind: String
    package let content: EventContent
    package let receivedAt: Timestamp
    /// What the newest attempt found and the status of its answer.
    package let lastFinding: String?
    package let lastStatus: Int?

    package var story: DeliveryStory {
        DeliveryStory(
            state: delivery.state, reason: delivery.reason, attempts: delivery.attempts,
            dueAt: delivery.dueAt ?? delivery.updatedAt, updatedAt: delivery.updatedAt, receivedAt: receivedAt,
            lastFinding: lastFinding)
    }
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
            let lines = try transaction.connection.rows(
                """
                SELECT \(DeliveryLine.columns), c.name, c.kind, e.payload, e.received_at, a.finding_text, a.status
                FROM deliveries d
                JOIN channels c ON c.organization_id = d.organization_id AND c.channel_id = d.channel_id
                JOIN events e ON e.organization_id = d.organization_id AND e.event_id = d.event_id
                LEFT JOIN attempts a ON a.organization_id = d.organization_id AND a.delivery_id = d.delivery_id
                    AND a.number = (SELECT max(l.number) FROM attempts l
                        WHERE l.organization_id = d.organization_id AND l.delivery_id = d.delivery_id)
                WHERE \(conditions.sql)
                ORDER BY d.delivery_id DESC LIMIT \(conditions.place(of: SQLValue(page.limit + 1)))
                """, conditions.values
            ) { row throws(RepositoryError) in try DeliveryLine(row, of: organization) }
            return Page(lines, limit: page.limit) { $0.delivery.id.text }
        }
    }
}

extension DeliveryLine {
    fileprivate static let columns = Delivery.columns.split(separator: ", ").map { "d.\($0)" }.joined(separator: ", ")

    fileprivate init(_ row: any SQLRow, of organization: OrganizationID) throws(RepositoryError) {
        self.init(
            delivery: Delivery(row, of: organization), channelName: row.text(9), kind: row.text(10),
            content: try EventContent(stored: row.text(11)), receivedAt: row.time(12),
            lastFinding: row.optionalText(13), lastStatus: row.optionalInteger(14).map(Int.init))
    }
}
