import Notifications
import Repository

extension DeliveryStore {
    /// Only claims.
    package func claim(
        _ requests: [(queue: ChannelQueue, limit: Int)], owner: String, lease: Duration
    ) async throws(RepositoryError) -> [QueueClaim] {
        try await progress(
            recording: [], claiming: requests.map { ClaimRequest(queue: $0.queue, limit: $0.limit) }, owner: owner,
            lease: lease
        ).claims
    }

    /// Only writes one result.
    package func record(_ result: DeliveryResult) async throws(RepositoryError) -> Recorded {
        try await progress(recording: [result], claiming: [], owner: "test", lease: .seconds(30)).recorded[0]
    }
}
