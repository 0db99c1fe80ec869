import Notifications

extension DeliveryStore {
    /// Leases up to `limit` due deliveries of each queue, oldest first. A claim is durable before this returns: after a
    /// crash it shows that the delivery may have been sent.
    package func claim(
        _ requests: [(queue: ChannelQueue, limit: Int)], owner: String, lease: Duration
    ) async throws(RepositoryError) -> [QueueClaim] {
        let requests = requests.map { ClaimRequest(queue: $0.queue, limit: $0.limit) }
        return try await context.serve { transaction throws(RepositoryError) in
            var claims: [QueueClaim] = []
            for request in requests {
                let here = transaction(request.queue.organizationID)
                claims.append(try here.claim(request, owner: owner, until: here.due + lease))
            }
            return claims
        }
    }
}
