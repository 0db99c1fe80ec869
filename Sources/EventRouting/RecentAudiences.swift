import Notifications
import Repository

/// To which channels an organization's last event went, in bounded memory: for at least the last `limit` organizations
/// and at most twice as many. The next event probably goes to the same ones.
struct RecentAudiences {
    typealias Audience = [(queue: ChannelQueue, host: String?)]

    private static let limit = 1024
    /// Larger audiences are not remembered.
    private static let largest = 32

    private var newer: [OrganizationID: Audience] = [:]
    private var older: [OrganizationID: Audience] = [:]

    subscript(organization: OrganizationID) -> Audience { newer[organization] ?? older[organization] ?? [] }

    mutating func note(_ audience: Audience, of organization: OrganizationID) {
        newer[organization] = audience.count <= Self.largest ? audience : []
        guard newer.count >= Self.limit else { return }
        older = newer
        newer = [:]
    }
}
