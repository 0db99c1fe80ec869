import Notifications

extension DeliveryStore {
    /// Processes one piece of an open settlement, taking the next organization after `last` that has one. Returns its
    /// queue, or nil if no settlement is open.
    package func settle(after last: ChannelQueue?) async throws(RepositoryError) -> ChannelQueue? {
        guard let queue = try await nextToSettle(after: last) else { return nil }
        _ = try await context.serve(queue.organizationID) { transaction throws(RepositoryError) in
            try transaction.settlePiece(of: queue.channelID)
        }
        return queue
    }

    /// Organizations take turns, and so do the channels within one.
    private func nextToSettle(after last: ChannelQueue?) async throws(RepositoryError) -> ChannelQueue? {
        let last = last?.organizationID.value ?? .min
        return try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
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
