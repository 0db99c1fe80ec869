import Notifications

/// What an organization has done of what it takes to be notified of a run.
package struct Onboarding: Equatable, Sendable {
    package let hasChannel: Bool
    /// A program's, which posts events.
    package let hasServiceKey: Bool
    /// It has ever received an event.
    package let hasEvent: Bool

    package var isDone: Bool { hasChannel && hasServiceKey && hasEvent }
}

extension Repository {
    /// How far an organization has come.
    package func onboarding(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Onboarding {
        try await look(organization, .readOrganization, "organization.read", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            Onboarding(
                hasChannel: try transaction.finds(
                    "SELECT 1 FROM channels WHERE organization_id = $1 AND state <> 'removed' LIMIT 1"),
                hasServiceKey: try transaction.finds(
                    "SELECT 1 FROM keys WHERE organization_id = $1 AND user_id IS NULL LIMIT 1"),
                hasEvent: try transaction.finds(
                    "SELECT 1 FROM organizations WHERE organization_id = $1 AND event_sequence > 0"))
        }
    }
}

extension Transaction {
    fileprivate func finds(_ statement: String) throws(RepositoryError) -> Bool {
        try connection.row(statement, [SQLValue(organization)]) { _ in true } ?? false
    }
}
