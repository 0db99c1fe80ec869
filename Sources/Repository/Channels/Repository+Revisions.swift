import Notifications

extension Repository {
    /// Newest first.
    package func revisions(
        of id: ChannelID, in organization: OrganizationID, page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<ChannelRevision> {
        try await look(organization, .administer, "channel.revisions", as: principal) {
            transaction throws(RepositoryError) in
            let channel = try transaction.channel(id)
            let before = try page.sequence() ?? .max
            let revisions = try transaction.revisions(of: channel, before: before, limit: page.limit + 1)
            return Page(revisions, limit: page.limit) { String($0.channel.version) }
        }
    }

    /// Restores the channel to that revision, as a new revision with the old values. What was decided since stays: signing
    /// secrets that were replaced, and what recipients have agreed to. Throws `staleVersion` unless `version` is nil or the
    /// saved one.
    package func restore(
        revision number: Int64, of id: ChannelID, in organization: OrganizationID, version: Int64? = nil,
        as principal: Principal
    ) async throws(RepositoryError) -> Channel {
        try await change(organization, .administer, "channel.restore", as: principal) {
            transaction throws(RepositoryError) in
            let before = try transaction.channel(id, version: version)
            let found = try transaction.revisions(of: before, before: number == .max ? number : number + 1, limit: 1)
            guard let old = found.first, old.channel.version == number else { throw .notFound("revision") }
            guard old.channel.isReadable else { throw .conflict("This revision's saved settings cannot be read.") }
            var after = before
            after.name = old.channel.name
            after.settings = Self.settings(of: old.channel, restoring: before)
            after.subscription = old.channel.subscription
            after.maxPerMinute = old.channel.maxPerMinute
            // Only resuming ends a pause, since it paces the waiting deliveries.
            after.state = before.state == .paused && old.channel.state == .enabled ? .paused : old.channel.state
            after.disabledReason = nil
            after.isReadable = true
            return try transaction.save(after, replacing: before, action: "channel.restored")
        }
    }

    private static func settings(of old: Channel, restoring now: Channel) -> ChannelSettings {
        let place = "\(now.organizationID)/\(now.id)"
        guard now.isReadable else { return old.settings.completed(for: now.knownKind, at: place) }
        return old.settings.signed(as: now.settings).completed(
            for: now.knownKind, at: place, keepingRotationOf: now.settings)
    }
}

/// One revision of a channel, with unmasked settings.
package struct ChannelRevision: Sendable {
    /// The channel as it was.
    package let channel: Channel
    /// Who made the revision.
    package let actor: String
    package let at: Timestamp
}

extension Transaction {
    /// Newest first, with a version below `before`.
    fileprivate func revisions(
        of channel: Channel, before: Int64, limit: Int
    ) throws(RepositoryError) -> [ChannelRevision] {
        try connection.rows(
            """
            SELECT version, name, settings, subscription, state, actor, created_at, max_per_minute
            FROM channel_revisions
            WHERE organization_id = $1 AND channel_id = $2 AND version < $3 ORDER BY version DESC LIMIT $4
            """, [SQLValue(organization), SQLValue(channel.id), SQLValue(before), SQLValue(limit)]
        ) { row throws(RepositoryError) in try revision(row, of: channel) }
    }

    private func revision(_ row: any SQLRow, of channel: Channel) throws(RepositoryError) -> ChannelRevision {
        let version = row.integer(0)
        let place = SealedText.Place.revision(version, of: channel.id, organization: organization)
        let saved = row.blob(2).isEmpty ? nil : try whatIsSaved(row.blob(2), row.text(3), place: place)
        var old = Channel(
            id: channel.id, organizationID: organization, kind: channel.kind,
            knownKind: channel.knownKind, name: row.text(1),
            settings: saved?.settings ?? ChannelSettings(), subscription: saved?.subscription ?? .everything,
            maxPerMinute: row.optionalInteger(7).map(Int.init),
            state: ChannelState(rawValue: row.text(4)) ?? .disabled, version: version, createdAt: channel.createdAt,
            updatedAt: row.time(6))
        old.isReadable = saved != nil
        return ChannelRevision(channel: old, actor: row.text(5), at: row.time(6))
    }
}
