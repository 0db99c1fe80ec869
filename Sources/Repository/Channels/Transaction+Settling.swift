import Notifications

extension Transaction {
    /// The most open changes of one channel: enough for somebody who pauses and resumes it by hand.
    private static let settlementsAtOnce = 16

    /// Applies this change to the channel's due deliveries: as many as one transaction may settle now, the rest later.
    func settle(
        _ id: ChannelID, _ kind: Settlement.Kind, skipBefore: Timestamp? = nil, spacing: Duration = .zero
    ) throws(RepositoryError) -> SettledPiece {
        let open = try settlements(of: id)
        guard kind != .resumed || open.count < Self.settlementsAtOnce else {
            throw .conflict("The channel's last changes are still being applied. Try again in a minute.")
        }
        // Earlier decisions stand: removing or disabling the channel again does not change them.
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

    /// With a generation from `first` up to but not including `end`.
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

    /// Whether the organization's rows may differ from what has been decided on them.
    func isSettling() throws(RepositoryError) -> Bool {
        try connection.row(
            "SELECT 1 FROM settlements WHERE organization_id = $1 LIMIT 1", [SQLValue(organization)]
        ) { row in row.integer(0) } != nil
    }

    /// The generation of deliveries made due at the channel now.
    func generation(of channel: ChannelID) throws(RepositoryError) -> Int64 {
        try connection.row(
            "SELECT generation FROM channels WHERE organization_id = $1 AND channel_id = $2",
            [SQLValue(organization), SQLValue(channel)]
        ) { row in row.integer(0) } ?? 0
    }

    /// Processes one piece of the channel's settlements; the last piece closes them.
    func settlePiece(of channel: ChannelID, isFirst: Bool = false) throws(RepositoryError) -> SettledPiece {
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

    /// Writes the counts to the audit log. A change that was settled at once has them in its own entry.
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
