import Notifications
import Repository

extension ChannelTest {
    /// A test that a receiver has answered.
    package static func sample(
        _ verdict: Verdict = .delivered, status: Int = 200, isAsSaved: Bool = true, at: Timestamp, by actor: String
    ) -> ChannelTest {
        ChannelTest(
            id: DeliveryID(at: at), at: at, actor: actor, isAsSaved: isAsSaved, verdict: verdict.word,
            finding: verdict.finding, status: status, duration: .milliseconds(12))
    }
}

extension Repository {
    /// A test of the saved channel has arrived. Returns whether that enabled it.
    package func testArrived(
        at id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Bool {
        let settings = try? await channel(id, of: organization, as: principal).settings
        return try await noteTest(
            .sample(at: time, by: principal.actor), of: id, with: settings ?? ChannelSettings(), in: organization,
            as: principal)
    }
}
