import Crypto
import Notifications

extension DeliveryStore {
    /// Writes the results of attempts and then leases up to `limit` due deliveries of each requested queue, oldest
    /// first, all in one transaction: whatever is in flight costs one commit, not two each. When this throws, nothing was
    /// written, and each part may be tried by itself.
    ///
    /// A result is the delivery's next state, the attempt, and what it says about the receiver; if the channel is to be
    /// disabled, this does it, with an audit entry and a notice to the fallback channel. A claim is durable before this
    /// returns: after a crash it shows that the delivery may have been sent. A node that the others took for gone claims
    /// nothing until its next sign of life.
    package func progress(
        recording results: [DeliveryResult], claiming requests: [ClaimRequest], owner: String, lease: Duration
    ) async throws(RepositoryError) -> Progress {
        let answers = results.map { context.sealedAnswer(of: $0) }
        let (progress, keys) = try await context.serve { transaction throws(RepositoryError) in
            var transactions: [OrganizationID: Transaction] = [:]
            for queue in results.map(\.delivery.queue) + requests.map(\.queue)
            where transactions[queue.organizationID] == nil {
                transactions[queue.organizationID] = transaction(queue.organizationID)
            }
            var recording = ResultRecording(transactions)
            var progress = Progress()
            progress.recorded = try recording.record(results, answers: answers)
            if !requests.isEmpty, let claiming = Claiming(transactions, owner: owner, lease: lease) {
                progress.claims = try claiming.claim(requests, after: recording.rest)
            } else {
                try transactions.values.first?.connection.together(recording.rest)
            }
            return (progress, recording.keys)
        }
        context.kept.dataKeys.keep(keys)
        for claim in progress.claims {
            if let delivery = claim.deliveries.first { context.kept.channels.keep(delivery.channel) }
        }
        return progress
    }
}

/// What one transaction of the engine wrote, in the order in which it was asked for.
package struct Progress: Sendable {
    package var recorded: [Recorded]
    package var claims: [QueueClaim]

    package init(recorded: [Recorded] = [], claims: [QueueClaim] = []) {
        self.recorded = recorded
        self.claims = claims
    }
}
