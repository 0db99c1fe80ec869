import Notifications
import Repository

/// The one way to change a channel. What waits there may go by it: another address, another rate, a pause that ends. So
/// every change wakes the channel's queue, and nobody who changes one can forget to (a house rule keeps the API and the
/// pages from the repository's own methods).
package struct Channels: Sendable {
    private let repository: Repository
    private let wake: @Sendable ([ChannelQueue]) -> Void

    /// `wake` is told of queues whose deliveries may go now.
    package init(repository: Repository, wake: @escaping @Sendable ([ChannelQueue]) -> Void) {
        self.repository = repository
        self.wake = wake
    }

    package func create(
        in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        let channel = try await repository.createChannel(in: organization, as: principal, draft: draft)
        wake([ChannelQueue(organizationID: organization, channelID: channel.id)])
        return channel
    }

    package func replace(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal,
        draft: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.replaceChannel(id, of: organization, version: version, as: principal, draft: draft)
        }
    }

    package func restore(
        revision: Int64, of id: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.restore(revision: revision, of: id, in: organization, as: principal)
        }
    }

    package func rotateSecret(
        of id: ChannelID, in organization: OrganizationID, overlap: Duration, as principal: Principal
    ) async throws(RepositoryError) -> (channel: Channel, secret: SigningSecret, previousUntil: Timestamp) {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.rotateSecret(of: id, in: organization, overlap: overlap, as: principal)
        }
    }

    package func pause(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.pauseChannel(id, of: organization, as: principal)
        }
    }

    package func resume(
        _ id: ChannelID, of organization: OrganizationID, skipOlderThan: Timestamp?, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.resumeChannel(id, of: organization, skipOlderThan: skipOlderThan, as: principal)
        }
    }

    package func remove(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal
    ) async throws(RepositoryError) {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.removeChannel(id, of: organization, version: version, as: principal)
        }
    }

    package func planRemoval(
        of id: ChannelID, in organization: OrganizationID, version: Int64?, as principal: Principal
    ) async throws(RepositoryError) -> PlannedRemoval {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.planRemoval(of: id, in: organization, version: version, as: principal)
        }
    }

    package func undoRemoval(
        of id: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.undoRemoval(of: id, in: organization, as: principal)
        }
    }

    /// A change that did not come about wakes nobody.
    private func waking<Value>(
        _ id: ChannelID, of organization: OrganizationID,
        _ change: () async throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let value = try await change()
        wake([ChannelQueue(organizationID: organization, channelID: id)])
        return value
    }
}
