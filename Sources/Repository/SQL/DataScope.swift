import Notifications

/// Whose rows a body may read and write. Where the engine has row-level security (decision 31), all others do not exist
/// for its statements, whatever their conditions say: a second wall behind `organization_id = $1`.
package enum DataScope: Sendable, Hashable {
    /// One organization's.
    case organization(OrganizationID)
    /// All organizations': the service's own work, and what the operator asks of the whole service.
    case wholeService
    /// No organization's, only what belongs to the service itself: its clock, its nodes, its checkpoints.
    case noOrganization
}

extension Principal {
    /// What a method that acts for this principal declares: the organization of its key, whatever it asks for. The
    /// operator has none, and works in the one that is asked for.
    func scope(in organization: OrganizationID) -> DataScope { .organization(organizationID ?? organization) }
}
