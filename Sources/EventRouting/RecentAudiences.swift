import Notifications
import Repository

/// To which channels an organization's last event went, for the organizations that posted last. The next event probably
/// goes to the same ones.
struct RecentAudiences {
    typealias Audience = [(queue: ChannelQueue, host: String?)]

    /// Larger audiences are not remembered.
    private static let largest = 32

    private var audiences = RecentValues<OrganizationID, Audience>(limit: 1024)

    subscript(organization: OrganizationID) -> Audience { audiences[organization] ?? [] }

    mutating func note(_ audience: Audience, of organization: OrganizationID) {
        audiences.set(audience.count <= Self.largest ? audience : [], for: organization)
    }
}
