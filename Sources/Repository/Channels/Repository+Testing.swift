import Notifications

/// What it takes to render an event for a channel.
package struct RenderingSubject: Sendable {
    package let kind: String
    package let settings: ChannelSettings
    package let runLinkTemplate: RunLinkTemplate?
}

extension Repository {
    /// For a test of a saved channel; leaves an audit entry, since a test is heard where it arrives.
    package func subjectOfTest(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> RenderingSubject {
        try await change(organization, .administer, "channel.test", as: principal) {
            transaction throws(RepositoryError) in
            let channel = try transaction.readableChannel(id)
            try transaction.audit("channel.tested", channel.target, ["kind": .string(channel.kind)])
            return try transaction.subject(kind: channel.kind, settings: channel.settings)
        }
    }

    /// A test of a saved channel arrived, so its receiver is well: a circuit is closed, and a channel that the service
    /// itself had disabled is enabled again; whether it was.
    package func testArrived(
        at id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Bool {
        try await change(organization, .administer, "channel.test", as: principal) {
            transaction throws(RepositoryError) in
            guard let before = try transaction.channelIfThere(id) else { return false }
            try transaction.forgetHealth(of: id)
            guard before.state == .disabled, before.disabledReason != nil else { return false }
            var after = before
            after.state = .enabled
            after.disabledReason = nil
            _ = try transaction.save(after, replacing: before, action: "channel.enabled")
            return true
        }
    }

    /// For a test of a draft that is not saved.
    package func subjectOfTest(
        in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> RenderingSubject {
        try await change(organization, .administer, "channel.test", as: principal) {
            transaction throws(RepositoryError) in
            let draft = try RepositoryError.translating(draft)
            let shown = JSONValue.object(draft.settings.masked(by: transaction.kinds.kind(draft.kind)))
            try transaction.audit("channel.tested", "channel:draft", ["kind": .string(draft.kind), "settings": shown])
            return try transaction.subject(kind: draft.kind, settings: draft.settings)
        }
    }

    /// For a test of changes to a saved channel that are not saved themselves; what is left masked is as saved.
    package func subjectOfTest(
        of id: ChannelID, in organization: OrganizationID, as principal: Principal,
        changes: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> (subject: RenderingSubject, isAsSaved: Bool) {
        try await change(organization, .administer, "channel.test", as: principal) {
            transaction throws(RepositoryError) in
            let saved = try transaction.channel(id)
            let draft = try RepositoryError.translating { () throws(InvalidInput) in try changes(saved) }
            let settings = draft.settings.completed(for: saved.knownKind, keepingRotationOf: saved.settings)
            try transaction.audit("channel.tested", saved.target, ["kind": .string(draft.kind)])
            return (try transaction.subject(kind: draft.kind, settings: settings), settings == saved.settings)
        }
    }

    /// What a preview of a saved channel is made of: its settings and the organization's run links. Nothing is written.
    package func subjectOfPreview(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> RenderingSubject {
        try await look(organization, .administer, "channel.preview", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            let channel = try transaction.readableChannel(id)
            return try transaction.subject(kind: channel.kind, settings: channel.settings)
        }
    }

    /// The same for a channel that is not saved. Throws what reading the draft throws.
    package func subjectOfPreview(
        in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> RenderingSubject {
        try await look(organization, .administer, "channel.preview", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            let draft = try RepositoryError.translating(draft)
            return try transaction.subject(kind: draft.kind, settings: draft.settings)
        }
    }
}

extension Transaction {
    fileprivate func readableChannel(_ id: ChannelID) throws(RepositoryError) -> Channel {
        let channel = try channel(id)
        guard channel.isReadable else { throw .conflict(Self.unreadableChannel.text) }
        return channel
    }

    fileprivate func subject(kind: String, settings: ChannelSettings) throws(RepositoryError) -> RenderingSubject {
        let template = try Organization.get(organization, on: connection).runLinkTemplate
        return RenderingSubject(kind: kind, settings: settings, runLinkTemplate: template)
    }
}
