import Notifications

/// Everything needed to render an event for a channel.
package struct RenderingSubject: Sendable {
    package let kind: String
    package let settings: ChannelSettings
    package let runLinkTemplate: RunLinkTemplate?
}

extension Repository {
    /// For testing a saved channel. Writes an audit entry, since the test is visible to the receiver.
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

    /// Called when a test of a saved channel has arrived, so its receiver is healthy: closes the circuit and re-enables
    /// a channel that the service itself disabled. Returns whether it did so.
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

    /// For testing an unsaved draft.
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

    /// For testing unsaved changes to a saved channel; settings that are still masked keep their saved values.
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

    /// For a preview of a saved channel: its settings and the organization's run links. Writes nothing.
    package func subjectOfPreview(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> RenderingSubject {
        try await look(organization, .administer, "channel.preview", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            let channel = try transaction.readableChannel(id)
            return try transaction.subject(kind: channel.kind, settings: channel.settings)
        }
    }

    /// For a preview of an unsaved channel. Throws whatever reading the draft throws.
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
