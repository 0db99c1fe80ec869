import Notifications
import Repository

/// The only way for the API and the pages to change a channel. A change may let waiting deliveries go (a new address, a
/// new rate, the end of a pause), so each one wakes the channel's queue. A house rule forbids the API and the pages to
/// call the repository's own methods. Permissions, audit entries and errors are the repository's: where a `version` is
/// given, a change throws `staleVersion` unless it is the saved one.
package struct Channels: Sendable {
    private let repository: Repository
    private let wake: @Sendable ([ChannelQueue]) -> Void

    /// - Parameter wake: Called with queues whose deliveries may now be sent.
    package init(repository: Repository, wake: @escaping @Sendable ([ChannelQueue]) -> Void) {
        self.repository = repository
        self.wake = wake
    }

    /// Creates a channel. `draft` is called after the permission has been checked. Throws `alreadyCreated` if that form
    /// has been sent before.
    package func create(
        in organization: OrganizationID, by form: RandomToken? = nil, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        let channel = try await repository.createChannel(in: organization, by: form, as: principal, draft: draft)
        wake([ChannelQueue(organizationID: organization, channelID: channel.id)])
        return channel
    }

    /// Replaces everything that can be edited. `draft` gets the saved channel. Throws `staleVersion` unless `version`
    /// is nil or the saved one.
    package func replace(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal,
        draft: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.replaceChannel(id, of: organization, version: version, as: principal, draft: draft)
        }
    }

    /// Saves an earlier revision as the newest.
    package func restore(
        revision: Int64, of id: ChannelID, in organization: OrganizationID, version: Int64? = nil,
        as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.restore(
                revision: revision, of: id, in: organization, version: version, as: principal)
        }
    }

    /// Replaces a channel by a new one of another kind, and removes it. `draft` gets the saved channel.
    package func move(
        _ id: ChannelID, of organization: OrganizationID, version: Int64? = nil, as principal: Principal,
        draft: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        let channel = try await repository.moveChannel(
            id, of: organization, version: version, as: principal, draft: draft)
        wake([ChannelQueue(organizationID: organization, channelID: channel.id)])
        return channel
    }

    /// Makes a new signing secret. The old one stays valid for `overlap` (0 to 7 days), until `previousUntil`. Throws
    /// `conflict` if the kind has none.
    package func rotateSecret(
        of id: ChannelID, in organization: OrganizationID, version: Int64? = nil, overlap: Duration,
        as principal: Principal
    ) async throws(RepositoryError) -> (channel: Channel, secret: SigningSecret, previousUntil: Timestamp) {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.rotateSecret(
                of: id, in: organization, version: version, overlap: overlap, as: principal)
        }
    }

    /// Holds the channel's deliveries until it is resumed. Throws `conflict` unless it is enabled.
    package func pause(
        _ id: ChannelID, of organization: OrganizationID, version: Int64? = nil, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.pauseChannel(id, of: organization, version: version, as: principal)
        }
    }

    /// Ends a pause. What was held is sent oldest first and paced; deliveries of events received before `skipOlderThan`
    /// are skipped. Throws `conflict` unless the channel is paused.
    package func resume(
        _ id: ChannelID, of organization: OrganizationID, version: Int64? = nil, skipOlderThan: Timestamp?,
        as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.resumeChannel(
                id, of: organization, version: version, skipOlderThan: skipOlderThan, as: principal)
        }
    }

    /// Removes a channel at once. Throws `staleVersion` unless `version` is nil or the saved one.
    package func remove(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal
    ) async throws(RepositoryError) {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.removeChannel(id, of: organization, version: version, as: principal)
        }
    }

    /// Removes a channel after `Repository.removalDelay`, unless that is undone; until then it is paused.
    package func planRemoval(
        of id: ChannelID, in organization: OrganizationID, version: Int64?, as principal: Principal
    ) async throws(RepositoryError) -> PlannedRemoval {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.planRemoval(of: id, in: organization, version: version, as: principal)
        }
    }

    /// Undoes a planned removal. Throws `notFound` when it is too late.
    package func undoRemoval(
        of id: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await waking(id, of: organization) { () async throws(RepositoryError) in
            try await repository.undoRemoval(of: id, in: organization, as: principal)
        }
    }

    /// Wakes the queue if the change succeeds.
    private func waking<Value>(
        _ id: ChannelID, of organization: OrganizationID,
        _ change: () async throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let value = try await change()
        wake([ChannelQueue(organizationID: organization, channelID: id)])
        return value
    }
}
