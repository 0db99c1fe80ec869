import Notifications

extension Repository {
    /// All nodes, by id, for the operator.
    package func nodes(as principal: Principal) async throws(RepositoryError) -> [KnownNode] {
        try await requireOperator(principal, for: "nodes.list")
        let (now, due, isShared) = (context.now(), context.scheduled(), context.database.isShared)
        return try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT node_id, host, version, started_at, seen_at, in_charge, (
                    SELECT count(*) FROM deliveries
                    WHERE state = 'claimed' AND lease_until >= 0 AND lease_owner = node_id)
                FROM nodes ORDER BY node_id
                """, []
            ) { row in
                // A database of one process has no other node to ask, so its row is not kept up to date.
                KnownNode(
                    node: Node(id: row.text(0), host: row.text(1), version: row.text(2)),
                    startedAt: row.time(3) - (due - now), seenAt: isShared ? row.time(4) - (due - now) : now,
                    isAlive: !isShared || row.time(4) >= due - DeliveryStore.silence,
                    isInCharge: !isShared || row.integer(5) == 1,
                    deliveries: Int(row.integer(6)))
            }
        }
    }
}
