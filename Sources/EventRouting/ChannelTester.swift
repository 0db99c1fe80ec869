import Notifications
import Repository

/// Sends the test event to a channel, saved or not, and tells what came of it.
package struct ChannelTester: Sendable {
    /// To a saved channel; owner or admin only.
    package func test(_ channel: ChannelID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> TestReport { fatalError() }
    /// To an unsaved draft; owner or admin only. The draft is read after the permission has been checked.
    package func test(
        in organization: OrganizationID, as principal: Principal, draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> TestReport { fatalError() }
    /// What would be sent to a saved channel; nothing is sent.
    package func preview(_ content: EventContent, for channel: ChannelID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> ShownRequest { fatalError() }
    package func preview(
        _ content: EventContent, in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> ShownRequest { fatalError() }
}

/// A request as it may be shown: secrets masked.
package struct ShownRequest: Sendable {
    package let method: String
    package let url: String
    package let headers: [(name: String, value: String)]
    package let body: String
}

package struct TestReport: Sendable {
    package let request: ShownRequest
    package let exchange: Exchange
    package let verdict: Verdict
    /// What happened and what to do about it, for people.
    package let text: String
}
