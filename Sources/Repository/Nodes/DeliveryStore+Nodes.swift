import Notifications

extension DeliveryStore {
    /// A node that gave no sign of life for longer is gone.
    package static let silence = Duration.seconds(30)
    /// A node that gave none itself for longer, or has not been back for `probation`, does not judge others: the database
    /// may have been away for all of them.
    static let longestGap = Duration.seconds(20)
    static let probation = Duration.seconds(10)

    /// Gives a sign of life, and makes due again what nodes held that are gone. A node that was itself taken for gone
    /// belongs to the others again; what it had claimed is no longer its own, as the fencing tokens show.
    package func beat(as node: Node, isInCharge: Bool) async throws(RepositoryError) -> Beat {
        try await context.database.write(in: .wholeService) { [context] connection throws(RepositoryError) in
            let due = context.scheduled()
            let steadySince = try connection.steadySince(of: node.id, at: due) ?? due
            try connection.register(node, isInCharge: isInCharge, steadySince: steadySince, at: due)
            let isJudge = steadySince <= due - Self.probation
            let gone = isJudge ? try connection.silentNodes(at: due) : []
            var taken = 0
            for id in gone { taken += try connection.bury(id, at: context.now(), due: due) }
            if taken > 0 { try connection.lineUpSuspects(at: due, isAlone: false) }
            return Beat(alive: Set(try connection.nodesSeen(since: due - Self.silence)), gone: gone)
        }
    }

    /// Called when a process ends in order: what it still holds is due again, and nobody waits for a sign of life.
    package func leave(_ node: Node) async throws(RepositoryError) {
        try await context.database.write(in: .wholeService) { [context] connection throws(RepositoryError) in
            _ = try connection.bury(node.id, at: context.now(), due: context.scheduled())
        }
    }

    /// Every queue that has something due, now or later, with the time of its first delivery; or only those that nobody
    /// has served for `overdueBy`.
    package func dueQueues(overdueBy time: Duration?) async throws(RepositoryError) -> [DueQueue] {
        let queues = try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
            try connection.dueQueues()
        }
        guard let time else { return queues }
        let latest = context.scheduled() - time
        return queues.filter { $0.dueAt <= latest }
    }
}

extension Transaction {
    /// Every claim must belong to a node that has a row. Others would think that a claim without one was lost.
    static let node = "SELECT 1 FROM nodes WHERE node_id = $1"
}

extension SQLConnection {
    func register(
        _ node: Node, isInCharge: Bool, steadySince: Timestamp, at: Timestamp
    ) throws(RepositoryError) {
        try execute(
            """
            INSERT INTO nodes (node_id, host, version, started_at, seen_at, in_charge, steady_since)
            VALUES ($1, $2, $3, $4, $4, $5, $6)
            ON CONFLICT (node_id) DO UPDATE SET seen_at = $4, in_charge = $5, steady_since = $6
            """,
            [
                SQLValue(node.id), SQLValue(node.host), SQLValue(node.version), SQLValue(at),
                SQLValue(isInCharge ? 1 : 0), SQLValue(steadySince),
            ])
    }

    /// The node no longer exists, and holds nothing. Returns how many deliveries are due again.
    func bury(_ id: String, at: Timestamp, due: Timestamp) throws(RepositoryError) -> Int {
        try execute("DELETE FROM nodes WHERE node_id = $1", [SQLValue(id)])
        return try takeBack(from: id, at: at, due: due)
    }

    func allNodes() throws(RepositoryError) -> [String] {
        try rows("SELECT node_id FROM nodes", []) { row in row.text(0) }
    }

    func nodesSeen(since time: Timestamp) throws(RepositoryError) -> [String] {
        try rows("SELECT node_id FROM nodes WHERE seen_at >= $1", [SQLValue(time)]) { row in row.text(0) }
    }

    /// Nil if it is not known, or was silent for too long.
    fileprivate func steadySince(of id: String, at: Timestamp) throws(RepositoryError) -> Timestamp? {
        try row(
            "SELECT steady_since FROM nodes WHERE node_id = $1 AND seen_at >= $2",
            [SQLValue(id), SQLValue(at - DeliveryStore.longestGap)]
        ) { row in row.time(0) }
    }

    fileprivate func silentNodes(at: Timestamp) throws(RepositoryError) -> [String] {
        try rows(
            "SELECT node_id FROM nodes WHERE seen_at < $1 ORDER BY node_id", [SQLValue(at - DeliveryStore.silence)]
        ) { row in row.text(0) }
    }
}
