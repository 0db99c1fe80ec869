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

    /// Writes what came of a test into the audit log and, unless it was of a draft, the channel's history. If it shows
    /// that the saved channel works, closes the circuit and enables a channel again that the service itself disabled.
    /// Returns whether it did so.
    ///
    /// - Parameter settings: what was tested. If the channel has other settings by now, the test says nothing about it.
    package func noteTest(
        _ test: ChannelTest, of id: ChannelID?, with settings: ChannelSettings, in organization: OrganizationID,
        as principal: Principal
    ) async throws(RepositoryError) -> Bool {
        try await change(organization, .administer, "channel.test", as: principal) {
            transaction throws(RepositoryError) in
            let before = try id.flatMap { id throws(RepositoryError) in try transaction.channelIfThere(id) }
            try transaction.audit("channel.test_result", before?.target ?? Self.draftTarget, test.detail)
            guard let before else { return false }
            try transaction.keep(test, of: before.id)
            guard test.showsThatItWorks, before.settings == settings else { return false }
            try transaction.forgetHealth(of: before.id)
            guard before.state == .disabled, before.disabledReason != nil else { return false }
            var after = before
            after.state = .enabled
            after.disabledReason = nil
            _ = try transaction.save(after, replacing: before, action: "channel.enabled")
            return true
        }
    }

    /// What came of a channel's newest tests, newest first.
    package func tests(
        of id: ChannelID, in organization: OrganizationID, page: PageRequest = PageRequest(), as principal: Principal
    ) async throws(RepositoryError) -> Page<ChannelTest> {
        try await look(organization, .administer, "channel.tests", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            let channel = try transaction.channel(id)
            let before = try page.id(of: Delivery.self) ?? .greatest
            let tests = try transaction.tests(of: channel.id, before: before, limit: page.limit + 1)
            return Page(tests, limit: page.limit) { $0.id.text }
        }
    }

    private static let draftTarget = "channel:draft"

    /// For testing an unsaved draft.
    package func subjectOfTest(
        in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> RenderingSubject {
        try await change(organization, .administer, "channel.test", as: principal) {
            transaction throws(RepositoryError) in
            let draft = try RepositoryError.translating(draft)
            let shown = JSONValue.object(draft.settings.masked(by: transaction.kinds.kind(draft.kind)))
            try transaction.audit("channel.tested", Self.draftTarget, ["kind": .string(draft.kind), "settings": shown])
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

extension ChannelTest {
    /// For the audit log.
    fileprivate var detail: JSONValue {
        [
            "test": JSONValue(id), "as_saved": .bool(isAsSaved), "verdict": .string(verdict),
            "finding": JSONValue(finding?.code), "status": JSONValue(status.map(Int64.init)),
            "duration_ms": .integer(duration.microseconds / 1000),
        ]
    }
}
