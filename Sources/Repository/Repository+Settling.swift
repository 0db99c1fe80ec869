import Notifications

/// The maintenance's side of settlements. It is part of the service, so there is no principal.
extension Repository {
    /// How many deliveries follow a change of their channel in one transaction: others write in between.
    package static let deliveriesSettledAtOnce = 500

    /// Works off a piece of an open settlement, of the next organization behind `last` that has one; its queue, or nil
    /// when none is open.
    package func settle(after last: ChannelQueue?) async throws(RepositoryError) -> ChannelQueue? {
        guard let queue = try await nextToSettle(after: last) else { return nil }
        _ = try await serve { transaction throws(RepositoryError) in
            try transaction(queue.organizationID).settlePiece(of: queue.channelID)
        }
        return queue
    }

    /// Organizations take turns, and so do the channels of one.
    private func nextToSettle(after last: ChannelQueue?) async throws(RepositoryError) -> ChannelQueue? {
        let last = last?.organizationID.value ?? .min
        return try await database.read { connection throws(RepositoryError) in
            let next = try connection.row(
                """
                SELECT coalesce(
                    (SELECT min(organization_id) FROM settlements WHERE organization_id > $1),
                    (SELECT min(organization_id) FROM settlements))
                """, [SQLValue(last)]
            ) { row in row.optionalInteger(0) }
            guard let next = next ?? nil else { return nil }
            return try connection.row(
                """
                SELECT organization_id, channel_id FROM settlements WHERE organization_id = $1
                ORDER BY pieces, channel_id LIMIT 1
                """, [SQLValue(next)]
            ) { row in ChannelQueue(organizationID: row.number(0), channelID: row.id(1)) }
        }
    }
}

/// What the newest change of a channel has come to in one piece.
struct SettledPiece {
    /// Whether nothing is left to follow.
    var isWhole = true
    var settled = 0
    var released = 0

    /// For the audit entry of the change: how many they were, when that is known by then.
    func count(_ count: KeyPath<Self, Int>) -> JSONValue {
        isWhole ? .integer(Int64(self[keyPath: count])) : .null
    }
}

extension Transaction {
    /// As many changes of one channel may be open at once as somebody makes who pauses and resumes it by hand.
    private static let settlementsAtOnce = 16

    /// What is due at the channel follows this change of it: as much as one transaction may at once, the rest later.
    func settle(
        _ id: ChannelID, _ kind: Settlement.Kind, skipBefore: Timestamp? = nil, spacing: Duration = .zero
    ) throws(RepositoryError) -> SettledPiece {
        let open = try settlements(of: id)
        guard kind != .resumed || open.count < Self.settlementsAtOnce else {
            throw .conflict("The channel's last changes are still being applied. Try again in a minute.")
        }
        // What is decided stays so: another end of the channel changes nothing for that.
        let undecided = open.last.map { $0.kind == .resumed ? 0 : $0.generation } ?? 0
        guard try isAnythingDue(at: id, from: undecided), let generation = try nextGeneration(of: id) else {
            return SettledPiece()
        }
        try connection.execute(
            """
            INSERT INTO settlements
                (organization_id, channel_id, generation, kind, at, skip_before, due_by, spacing, next_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)
            """,
            [
                SQLValue(organization), SQLValue(id), SQLValue(generation), SQLValue(kind.rawValue), SQLValue(at),
                SQLValue(skipBefore), SQLValue(due), SQLValue(spacing.microseconds),
            ])
        return try settlePiece(of: id, isFirst: true)
    }

    /// Of a generation from `first` to below `end`.
    private func isAnythingDue(
        at channel: ChannelID, from first: Int64 = 0, before end: Int64 = .max
    ) throws(RepositoryError) -> Bool {
        for waits in ["IS NULL", "IS NOT NULL"] {
            let found = try connection.row(
                """
                SELECT 1 FROM deliveries WHERE organization_id = $1 AND channel_id = $2 AND state = 'due'
                    AND waits_for \(waits) AND generation >= $3 AND generation < $4 LIMIT 1
                """, [SQLValue(organization), SQLValue(channel), SQLValue(first), SQLValue(end)]
            ) { row in row.integer(0) }
            if found != nil { return true }
        }
        return false
    }

    private func nextGeneration(of channel: ChannelID) throws(RepositoryError) -> Int64? {
        try connection.row(
            """
            UPDATE channels SET generation = generation + 1 WHERE organization_id = $1 AND channel_id = $2
            RETURNING generation
            """, [SQLValue(organization), SQLValue(channel)]
        ) { row in row.integer(0) }
    }

    /// Whether rows of the organization may say something else than what was decided on them.
    func isSettling() throws(RepositoryError) -> Bool {
        try connection.row(
            "SELECT 1 FROM settlements WHERE organization_id = $1 LIMIT 1", [SQLValue(organization)]
        ) { row in row.integer(0) } != nil
    }

    /// That of the deliveries that are made due at the channel now.
    func generation(of channel: ChannelID) throws(RepositoryError) -> Int64 {
        try connection.row(
            "SELECT generation FROM channels WHERE organization_id = $1 AND channel_id = $2",
            [SQLValue(organization), SQLValue(channel)]
        ) { row in row.integer(0) } ?? 0
    }

    /// Works off a piece of what the channel's settlements decide on; the last piece closes them.
    fileprivate func settlePiece(of channel: ChannelID, isFirst: Bool = false) throws(RepositoryError) -> SettledPiece {
        var open = try settlements(of: channel)
        guard let last = open.last else { return SettledPiece() }
        var piece = try settle(try covered(at: channel, by: last), &open)
        for settlement in open { try save(settlement, of: channel) }
        piece.isWhole = try !isAnythingDue(at: channel, before: last.generation)
        guard piece.isWhole else { return piece }
        try connection.execute(
            "DELETE FROM settlements WHERE organization_id = $1 AND channel_id = $2",
            [SQLValue(organization), SQLValue(channel)])
        if !isFirst || open.count > 1 { try noteEnd(of: open, at: channel) }
        return piece
    }

    private func settlements(of channel: ChannelID) throws(RepositoryError) -> [Settlement] {
        try connection.rows(
            """
            SELECT \(Settlement.columns) FROM settlements WHERE organization_id = $1 AND channel_id = $2
            ORDER BY generation
            """, [SQLValue(organization), SQLValue(channel)]
        ) { row in Settlement(row) }.compactMap { $0 }
    }

    private func save(_ settlement: Settlement, of channel: ChannelID) throws(RepositoryError) {
        try connection.execute(
            """
            UPDATE settlements SET next_at = $4, settled = $5, released = $6, pieces = pieces + 1
            WHERE organization_id = $1 AND channel_id = $2 AND generation = $3
            """,
            [
                SQLValue(organization), SQLValue(channel), SQLValue(settlement.generation),
                SQLValue(settlement.nextAt), SQLValue(settlement.settled), SQLValue(settlement.released),
            ])
    }

    /// The change's own entry tells what it came to, when that was done at once.
    private func noteEnd(of settlements: [Settlement], at channel: ChannelID) throws(RepositoryError) {
        for settlement in settlements {
            try audit(
                "channel.deliveries_settled", "channel:\(channel)",
                [
                    "because": .string(settlement.kind.rawValue), "changed_at": JSONValue(settlement.at),
                    "settled": .integer(Int64(settlement.settled)), "released": .integer(Int64(settlement.released)),
                ], actor: Self.system)
        }
    }
}

/// A delivery that an open settlement decides on, or lets go.
private struct CoveredDelivery {
    let id: DeliveryID
    let dueAt: Timestamp
    /// The generation of the settlement that has decided, and what: nil when it is let go.
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
    /// The next piece, oldest first. Half of it is for what is due later and keeps its time: that cannot wait for all that
    /// is spaced.
    private func covered(
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

    /// The generations of what is due there, one look-up each.
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

    /// Each gets what is decided on it, or goes to the newest generation.
    private func settle(
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
