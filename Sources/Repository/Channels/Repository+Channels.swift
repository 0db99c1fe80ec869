import Notifications

/// Settings are returned unmasked; whoever shows them must mask them (`ChannelSettings.masked(by:)`).
extension Repository {
    /// A page of an organization's channels, oldest first, without removed ones. Settings are decrypted and unmasked.
    package func channels(
        of organization: OrganizationID, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<Channel> {
        try await look(organization, .read, "channels.list", as: principal) { transaction throws(RepositoryError) in
            try transaction.channels(page)
        }
    }

    /// One channel in any state; throws `notFound` if it was removed.
    package func channel(
        _ id: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await look(organization, .read, "channel.read", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            try transaction.channel(id)
        }
    }

    /// Reads the draft inside the transaction, after the permission check. Throws `alreadyCreated` if that form has been
    /// sent before.
    package func createChannel(
        in organization: OrganizationID, by form: RandomToken? = nil, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.create", as: principal) {
            transaction throws(RepositoryError) in
            let id = ChannelID(at: transaction.at)
            try transaction.claim(form, creating: id)
            let draft = try RepositoryError.translating(draft)
            try transaction.requireRoomForChannel()
            let channel = transaction.newChannel(draft, id)
            try transaction.insert(channel)
            try transaction.audit("channel.created", channel.target, ["before": .null, "after": channel.shown])
            return channel
        }
    }

    /// With `version`, only if that is still the channel's version (otherwise throws `staleVersion`).
    package func replaceChannel(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal,
        draft: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.update", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id, version: version)
            let draft = try RepositoryError.translating { () throws(InvalidInput) in try draft(before) }
            var after = before
            after.name = draft.name
            after.settings = draft.settings.completed(for: before.knownKind, keepingRotationOf: before.settings)
            after.isReadable = before.isReadable || !draft.settings.json.keys.isEmpty
            after.subscription = draft.subscription
            after.maxPerMinute = draft.maxPerMinute
            after.state = !draft.isEnabled ? .disabled : before.state == .paused ? .paused : .enabled
            after.disabledReason = draft.isEnabled ? nil : before.disabledReason
            return try transaction.save(after, replacing: before, action: "channel.updated")
        }
    }

    /// Replaces a channel by a new one of another kind, and removes it. The new one is the fallback channel if the old one
    /// was. `draft` gets the saved channel. Throws `staleVersion` unless `version` is nil or the saved one.
    package func moveChannel(
        _ id: ChannelID, of organization: OrganizationID, version: Int64? = nil, as principal: Principal,
        draft: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.move", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id, version: version)
            let draft = try RepositoryError.translating { () throws(InvalidInput) in try draft(before) }
            let channel = transaction.newChannel(draft, ChannelID(at: transaction.at))
            try transaction.insert(channel)
            try transaction.audit(
                "channel.created", channel.target,
                ["before": .null, "after": channel.shown, "instead_of": JSONValue(before.id)])
            try transaction.moveFallback(from: before.id, to: channel.id)
            try transaction.remove(before)
            return channel
        }
    }

    /// Cancels the channel's due deliveries and erases its settings, including those in its revisions.
    package func removeChannel(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal
    ) async throws(RepositoryError) {
        try await change(organization, .administer, "channel.remove", as: principal) {
            transaction throws(RepositoryError) in
            try transaction.remove(try transaction.channel(id, version: version))
        }
    }

    /// Makes a new signing secret; the old one keeps signing for `overlap` (0 to 7 days). Throws `staleVersion` unless
    /// `version` is nil or the saved one, and `conflict` if the kind has none.
    package func rotateSecret(
        of id: ChannelID, in organization: OrganizationID, version: Int64? = nil, overlap: Duration,
        as principal: Principal
    ) async throws(RepositoryError) -> (channel: Channel, secret: SigningSecret, previousUntil: Timestamp) {
        try await change(organization, .administer, "channel.rotate_secret", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id, version: version)
            guard before.settings[ChannelSettings.signingSecret] != nil else {
                throw .conflict("Channels of this kind have no signing secret.")
            }
            let secret = SigningSecret()
            let until = transaction.at + overlap
            var after = before
            after.settings.rotate(to: secret, previousUntil: until)
            let saved = try transaction.save(after, replacing: before, action: "channel.secret_rotated")
            return (saved, secret, until)
        }
    }
}

extension Transaction {
    /// The channel that a draft makes.
    fileprivate func newChannel(_ draft: ChannelDraft, _ id: ChannelID) -> Channel {
        let kind = kinds.kind(draft.kind)
        return Channel(
            id: id, organizationID: organization, kind: draft.kind, knownKind: kind, name: draft.name,
            settings: draft.settings.completed(for: kind, at: "\(organization)/\(id)"),
            subscription: draft.subscription, maxPerMinute: draft.maxPerMinute,
            state: draft.isEnabled ? .enabled : .disabled, version: 1, createdAt: at, updatedAt: at)
    }

    private static let channelsAnOrganization: Int64 = 1000

    fileprivate func requireRoomForChannel() throws(RepositoryError) {
        let count = try connection.row(
            "SELECT count(*) FROM channels WHERE organization_id = $1 AND state <> 'removed'", [SQLValue(organization)]
        ) { row in row.integer(0) }
        guard let count, count < Self.channelsAnOrganization else {
            throw .conflict("An organization can have at most \(Self.channelsAnOrganization) channels.")
        }
    }

    /// Erases the channel's settings, cancels its due deliveries and its replay, and writes the audit entry.
    func remove(_ channel: Channel, actor: String? = nil) throws(RepositoryError) {
        let who: [SQLValue] = [SQLValue(organization), SQLValue(channel.id), SQLValue(at)]
        try connection.execute(
            """
            UPDATE channels SET state = 'removed', settings = $4, updated_at = $3
            WHERE organization_id = $1 AND channel_id = $2
            """, who + [.blob([])])
        for table in ["channel_revisions", "planned_removals", "channel_health", "channel_tests"] {
            try connection.execute(
                "DELETE FROM \(table) WHERE organization_id = $1 AND channel_id = $2", Array(who.prefix(2)))
        }
        let cancelled = try settle(channel.id, .removed)
        let wasFallback = try dropFallback(channel.id)
        try audit(
            "channel.removed", channel.target,
            [
                "before": channel.shown, "after": .null, "deliveries_cancelled": cancelled.count(\.settled),
                "was_fallback": .bool(wasFallback),
            ], actor: actor)
        try cancelReplays(ofRemoved: channel.id)
    }

    /// The channel, provided it has that version.
    func channel(_ id: ChannelID, version: Int64?) throws(RepositoryError) -> Channel {
        let channel = try channel(id)
        if let version, version != channel.version { throw .staleVersion(current: channel.version) }
        return channel
    }

    /// Writes the next version, its revision and its audit entry, which includes `more`. If the channel is now
    /// disabled, settles its waiting deliveries. `actor` is who changed it, if not the principal.
    func save(
        _ draft: Channel, replacing before: Channel, action: String, more: JSONObject = JSONObject(),
        actor: String? = nil
    ) throws(RepositoryError) -> Channel {
        guard draft.isReadable || draft.state != .enabled else { throw .conflict(Self.unreadableChannel.text) }
        var after = draft
        after.version = before.version + 1
        after.updatedAt = at
        try update(after, actor: actor)
        // A new address, or a channel enabled again: what was known about the receiver no longer holds.
        if after.settings.unsigned != before.settings.unsigned || before.state == .disabled {
            try receiverIsKnownAnew(at: after.id)
        } else if before.state == .paused, after.state == .enabled {
            try noteResumption(of: after.id)
        }
        if after.state == .disabled { _ = try settle(after.id, .disabled) }
        var detail = JSONObject()
        detail["before"] = before.shown
        detail["after"] = after.shown
        detail["secrets_changed"] = .array(after.secretsChanged(since: before).map(JSONValue.string))
        for member in more.members { detail[member.key] = member.value }
        try audit(action, after.target, .object(detail), actor: actor)
        return after
    }
}

extension RepositoryError {
    static func translating<Value>(_ work: () throws(InvalidInput) -> Value) throws(RepositoryError) -> Value {
        do {
            return try work()
        } catch {
            throw .invalid(error)
        }
    }
}
