import Notifications

extension Repository {
    /// Throws if the principal may not, or may no longer, see what became of events.
    package func requireReading(of organization: OrganizationID, as principal: Principal) async throws(RepositoryError)
    {
        try await look(organization, .read, "deliveries.list", as: principal, reading: .short) {
            _ throws(RepositoryError) in
        }
    }

    /// Newest first. A filter that matches little may return less than a page, with a cursor to continue.
    package func deliveries(
        of organization: OrganizationID, filter: DeliveryFilter, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<Delivery> {
        try await look(organization, .read, "deliveries.list", as: principal) { transaction throws(RepositoryError) in
            try DeliveryFinder(transaction: transaction, filter: filter).page(page)
                .reading { id throws(RepositoryError) in try transaction.delivery(id) }
        }
    }

    /// A delivery with all its attempts, oldest first. Throws `notFound` if there is none or retention has deleted it.
    package func delivery(
        _ id: DeliveryID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (delivery: Delivery, attempts: [Attempt]) {
        try await look(organization, .read, "delivery.read", as: principal) { transaction throws(RepositoryError) in
            (try transaction.delivery(id), try transaction.attempts(of: id))
        }
    }

    /// Makes a delivery due now: one that failed, was cancelled or skipped, or waits for a later attempt. Throws
    /// `conflict` if it is being sent, its channel is disabled, or it has been delivered, unless it is to be sent `again`.
    /// Its retry schedule starts again.
    package func retryDelivery(
        _ id: DeliveryID, of organization: OrganizationID, again: Bool = false, as principal: Principal
    ) async throws(RepositoryError) -> Delivery {
        try await change(organization, .administer, "delivery.retry", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.delivery(id)
            guard again || before.state != .delivered, before.state != .claimed else {
                throw .conflict("The delivery is \(before.state.rawValue); there is nothing to retry.")
            }
            let channel = try transaction.channelOfDelivery(before)
            guard channel.state != .disabled else { throw .conflict("The channel is disabled; enable it first.") }
            try transaction.connection.execute(
                """
                UPDATE deliveries SET state = 'due', reason = NULL, due_at = $5, attempts_before = attempts,
                    interruptions = 0, updated_at = $3, generation = $4, waits_for = NULL
                WHERE organization_id = $1 AND delivery_id = $2
                """,
                [
                    SQLValue(organization), SQLValue(id), SQLValue(transaction.at),
                    SQLValue(try transaction.generation(of: before.channelID)), SQLValue(transaction.due),
                ])
            try transaction.audit(
                "delivery.retried", "delivery:\(id)",
                ["before": .string(before.state.rawValue), "channel_id": JSONValue(before.channelID)])
            return try transaction.delivery(id)
        }
    }
}

extension Transaction {
    func delivery(_ id: DeliveryID) throws(RepositoryError) -> Delivery {
        let delivery = try connection.row(
            "SELECT \(Delivery.columns) FROM \(Delivery.table) WHERE d.organization_id = $1 AND d.delivery_id = $2",
            [SQLValue(organization), SQLValue(id)]
        ) { row in Delivery(row, of: organization) }
        guard let delivery else { throw .notFound("delivery") }
        return delivery
    }

    fileprivate func channelOfDelivery(_ delivery: Delivery) throws(RepositoryError) -> Channel {
        do {
            return try channel(delivery.channelID)
        } catch .notFound {
            throw .conflict("The channel of this delivery was removed.")
        }
    }
}

extension Delivery {
    /// The columns of `table`, with what has been decided on the channel applied.
    static let columns = """
        d.delivery_id, d.event_id, d.channel_id, \(Settlement.state), \(Settlement.reason), d.attempts,
        \(ShownTime.of("d.due_at")), d.created_at, \(Settlement.updatedAt)
        """
    static let table = "deliveries d \(Settlement.join)"

    init(_ row: any SQLRow, of organization: OrganizationID) {
        let state = DeliveryState(rawValue: row.text(3)) ?? .failed
        self.init(
            id: row.id(0), organizationID: organization, eventID: row.id(1), channelID: row.id(2), state: state,
            reason: row.optionalText(4), attempts: Int(row.integer(5)), dueAt: state == .due ? row.time(6) : nil,
            createdAt: row.time(7), updatedAt: row.time(8))
    }
}
