import Notifications

/// A delivery that an open settlement decides on or releases.
struct CoveredDelivery {
    let id: DeliveryID
    let dueAt: Timestamp
    /// The settlement generation that has decided, and its decision; nil if the delivery is released.
    let decidedBy: Int64?
    let state: String
    let reason: String?

    static let columns = "d.delivery_id, d.due_at, settling.generation, \(Settlement.state), \(Settlement.reason)"

    init(_ row: any SQLRow) {
        id = row.id(0)
        dueAt = row.time(1)
        decidedBy = row.optionalInteger(2)
        state = row.text(3)
        reason = row.optionalText(4)
    }
}

extension Transaction {
    /// The next piece, oldest first. Half of it is reserved for deliveries that are due later and keep their time: they
    /// cannot wait for all the spaced ones.
    func covered(
        at channel: ChannelID, by last: Settlement
    ) throws(RepositoryError) -> [CoveredDelivery] {
        var found: [CoveredDelivery] = []
        if last.kind == .resumed {
            for generation in try generations(of: channel, before: last.generation) {
                let room = settledAtOnce / 2 - found.count
                found += try covered(
                    at: channel, "d.waits_for IS NULL AND d.generation = $3 AND d.due_at > $5 ORDER BY d.due_at",
                    generation, room, [SQLValue(last.dueBy)])
            }
        }
        for order in [
            "d.waits_for IS NULL AND d.generation < $3 ORDER BY d.generation, d.due_at",
            "d.waits_for IS NOT NULL AND d.generation < $3 ORDER BY d.generation",
        ] {
            let room = settledAtOnce - found.count
            found += try covered(at: channel, order, last.generation, room)
        }
        return found
    }

    private func covered(
        at channel: ChannelID, _ which: String, _ generation: Int64, _ limit: Int, _ more: [SQLValue] = []
    ) throws(RepositoryError) -> [CoveredDelivery] {
        guard limit > 0 else { return [] }
        return try connection.rows(
            """
            SELECT \(CoveredDelivery.columns) FROM deliveries d \(Settlement.join)
            WHERE d.organization_id = $1 AND d.channel_id = $2 AND d.state = 'due' AND \(which) LIMIT $4
            """, [SQLValue(organization), SQLValue(channel), SQLValue(generation), SQLValue(limit)] + more
        ) { row in CoveredDelivery(row) }
    }

    /// The generations of deliveries due there, with one look-up each.
    private func generations(of channel: ChannelID, before end: Int64) throws(RepositoryError) -> [Int64] {
        var found: [Int64] = []
        while let next = try connection.row(
            """
            SELECT generation FROM deliveries WHERE organization_id = $1 AND channel_id = $2 AND state = 'due'
                AND waits_for IS NULL AND generation > $3 AND generation < $4
            ORDER BY generation LIMIT 1
            """,
            [SQLValue(organization), SQLValue(channel), SQLValue(found.last ?? -1), SQLValue(end)],
            read: { row in row.integer(0) })
        { found.append(next) }
        return found
    }

    /// Applies the decision to each delivery, or moves it to the newest generation.
    func settle(
        _ deliveries: [CoveredDelivery], _ open: inout [Settlement]
    ) throws(RepositoryError) -> SettledPiece {
        var piece = SettledPiece()
        let newest = open.count - 1
        var decided: [[SQLValue]] = []
        var released: [[SQLValue]] = []
        var seen: Set<DeliveryID> = []
        for delivery in deliveries where seen.insert(delivery.id).inserted {
            let which: [SQLValue] = [SQLValue(organization), SQLValue(delivery.id)]
            if let place = open.firstIndex(where: { $0.generation == delivery.decidedBy }) {
                open[place].settled += 1
                if place == newest { piece.settled += 1 }
                decided.append(
                    which + [SQLValue(delivery.state), SQLValue(delivery.reason), SQLValue(open[place].at)])
            } else {
                let dueAt = open[newest].release(delivery.dueAt)
                piece.released += 1
                released.append(which + [SQLValue(open[newest].generation), SQLValue(dueAt)])
            }
        }
        try connection.executeMany(
            """
            UPDATE deliveries SET state = $3, reason = $4, updated_at = $5, waits_for = NULL
            WHERE organization_id = $1 AND delivery_id = $2
            """, decided)
        try connection.executeMany(
            """
            UPDATE deliveries SET generation = $3, due_at = $4, waits_for = NULL
            WHERE organization_id = $1 AND delivery_id = $2
            """, released)
        return piece
    }
}
