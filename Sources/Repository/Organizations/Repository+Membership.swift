import Notifications

/// A principal's current membership of an organization.
package struct Membership: Sendable {
    package let organization: Organization
    /// Nil for the operator.
    package let role: Role?
    /// The caller's display name.
    package let name: String?
}

extension Repository {
    /// The organization and the caller's role in it; throws `notFound` if the caller does not belong to it.
    package func membership(
        in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Membership {
        try await look(organization, .readOrganization, "organization.read", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            let connection = transaction.connection
            var member: Member?
            if case .user(let user, _, _) = principal {
                member = try Member.find(user, of: organization, on: connection)
            }
            return Membership(
                organization: try Organization.get(organization, on: connection), role: member?.role,
                name: member?.profile.name)
        }
    }
}
