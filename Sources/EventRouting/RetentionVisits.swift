import Notifications
import Repository

/// The organizations that one round of retention is at, and how far it has come with each.
struct RetentionVisits {
    struct PageContext {
        /// Events up to there have been looked at.
        var cursor: EventID?
        var events = 0
        var expired = 0
    }

    private var visits: [OrganizationID: PageContext] = [:]
    /// Not tried again in this round.
    private var failed: Set<OrganizationID> = []

    subscript(_ organization: OrganizationID) -> PageContext { visits[organization] ?? PageContext() }

    func open(among organizations: [OrganizationID]) -> [OrganizationID] {
        organizations.filter { !failed.contains($0) }
    }

    mutating func note(_ piece: Repository.RetentionPiece, of organization: OrganizationID) {
        var visit = self[organization]
        visit.cursor = piece.next
        visit.events += piece.events
        visit.expired += piece.expired
        visits[organization] = visit
    }

    mutating func close(_ organization: OrganizationID) -> PageContext {
        visits.removeValue(forKey: organization) ?? PageContext()
    }

    mutating func fail(_ organization: OrganizationID) {
        visits[organization] = nil
        failed.insert(organization)
    }
}
