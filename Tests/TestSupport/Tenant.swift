import Notifications
import Repository

/// An organization and its owner, which most tests start with. Tests add members, keys and channels as needed.
package struct Tenant: Sendable {
    package let organization: OrganizationID
    package let owner: Credentials
    package var repository: Repository

    /// Saves the organization and creates a key for its owner: two entries in its audit log.
    package init(_ id: Int64 = 1, owner: Int64 = 1, in repository: Repository) async throws(RepositoryError) {
        organization = OrganizationID(id)
        self.repository = repository
        _ = try await repository.saveOrganization(
            organization, name: "Organization \(id)", owner: UserID(owner), runLinkTemplate: nil, as: .operator)
        self.owner = try await Self.key(of: .user(UserID(owner)), in: organization, repository)
    }

    /// A new key, created by the operator.
    package func key(of holder: KeyHolder) async throws(RepositoryError) -> Credentials {
        try await Self.key(of: holder, in: organization, repository)
    }

    /// A new member with a key.
    package func member(_ id: Int64, _ role: Role) async throws(RepositoryError) -> Credentials {
        _ = try await repository.saveMember(UserID(id), role: role, in: organization, as: owner.principal)
        return try await key(of: .user(UserID(id)))
    }

    /// A service's key, which may post events.
    package func service() async throws(RepositoryError) -> Credentials {
        try await key(of: .service([.writeEvents]))
    }

    /// A channel created by the owner: `ChannelDraft.webHook`.
    package func channel(
        _ name: String = "Hook", url: String = ChannelDraft.webHookURL, subscription: Subscription = .everything,
        isEnabled: Bool = true
    ) async throws(RepositoryError) -> Channel {
        try await repository.createChannel(in: organization, as: owner.principal) { () throws(InvalidInput) in
            .webHook(name, url: url, subscription: subscription, isEnabled: isEnabled)
        }
    }

    private static func key(
        of holder: KeyHolder, in organization: OrganizationID, _ repository: Repository
    ) async throws(RepositoryError) -> Credentials {
        let made = try await repository.makeKey(
            name: "test", holder: holder, expiresAt: nil, in: organization, as: .operator)
        let id = made.description.id
        let principal: Principal =
            switch holder {
            case .user(let user): .user(user, of: organization, key: id)
            case .service: .service(of: organization, key: id)
            }
        return Credentials(principal: principal, key: made.key.reveal())
    }
}
