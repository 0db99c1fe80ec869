import Notifications
import Repository

/// How far one round of retention has come with each organization.
struct RetentionVisits {
    struct Progress {
        /// Events up to this one have been looked at.
        var cursor: EventID?
        var events = 0
        var expired = 0
    }

    private var visits: [OrganizationID: Progress] = [:]
    /// Failed in this round, and not tried again in it.
    private var failed: Set<OrganizationID> = []

    subscript(_ organization: OrganizationID) -> Progress { visits[organization] ?? Progress() }

    func open(among organizations: [OrganizationID]) -> [OrganizationID] {
        organizations.filter { !failed.contains($0) }
    }

    mutating func note(_ piece: RetentionPiece, of organization: OrganizationID) {
        var visit = self[organization]
        visit.cursor = piece.next
        visit.events += piece.events
        visit.expired += piece.expired
        visits[organization] = visit
    }

    mutating func close(_ organization: OrganizationID) -> Progress {
        visits.removeValue(forKey: organization) ?? Progress()
    }

    mutating func fail(_ organization: OrganizationID) {
        visits[organization] = nil
        failed.insert(organization)
    }
}
