import Crypto
import Notifications

/// The table of channels. Settings are encrypted with the organization's data key and bound to their row.
extension Transaction {
    static let channelColumns = """
        channel_id, kind, name, settings, subscription, state, disabled_reason, version, created_at, updated_at,
        max_per_minute, host
        """

    /// A part of all channels that were not removed, oldest first.
    func channels(_ page: PageRequest) throws(RepositoryError) -> Page<Channel> {
        let channels = try connection.rows(
            """
            SELECT \(Self.channelColumns) FROM channels
            WHERE organization_id = $1 AND channel_id > $2 AND state <> 'removed' ORDER BY channel_id LIMIT $3
            """,
            [SQLValue(organization), SQLValue(try page.id(of: Channel.self) ?? .least), SQLValue(page.limit + 1)]
        ) { row throws(RepositoryError) in try channel(row) }
        return Page(channels, limit: page.limit) { $0.id.text }
    }

    /// The channel, unless it was removed.
    func channel(_ id: ChannelID) throws(RepositoryError) -> Channel {
        let found = try connection.row(Self.channelThatIsThere, [SQLValue(organization), SQLValue(id)]) {
            row throws(RepositoryError) in try channel(row)
        }
        guard let found else { throw .notFound("channel") }
        return found
    }

    static let channelThatIsThere = """
        SELECT \(channelColumns) FROM channels
        WHERE organization_id = $1 AND channel_id = $2 AND state <> 'removed'
        """

    /// A row of `channelThatIsThere`, with settings that are kept decrypted if they are of its version.
    func keptChannel(_ row: any SQLRow) throws(RepositoryError) -> Channel {
        if let known = kept.channels.channel(row.id(0), of: organization, version: row.integer(7)) { return known }
        return try channel(row)
    }

    func channel(_ row: any SQLRow) throws(RepositoryError) -> Channel {
        let id: ChannelID = row.id(0)
        let saved = try whatIsSaved(row.blob(3), row.text(4), place: .channel(id, of: organization))
        var channel = Channel(
            id: id, organizationID: organization, kind: row.text(1), knownKind: kinds.kind(row.text(1)),
            name: row.text(2), settings: saved?.settings ?? ChannelSettings(),
            subscription: saved?.subscription ?? .everything,
            maxPerMinute: row.optionalInteger(10).map(Int.init),
            state: ChannelState(rawValue: row.text(5)) ?? .disabled,
            disabledReason: row.optionalText(6), version: row.integer(7), createdAt: row.time(8), updatedAt: row.time(9)
        )
        channel.host = row.optionalText(11)
        channel.isReadable = saved != nil
        return channel
    }

    /// Nil if it cannot be read: one damaged channel must not block the others.
    func whatIsSaved(
        _ sealed: [UInt8], _ text: String, place: SealedText.Place
    ) throws(RepositoryError) -> (settings: ChannelSettings, subscription: Subscription)? {
        do {
            return (try settings(sealed, place: place), try subscription(text))
        } catch .unreadable {
            return nil
        }
    }

    func insert(_ channel: Channel) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO channels (organization_id, \(Self.channelColumns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """, try values(of: channel))
        try insertRevision(of: channel, actor: nil)
    }

    /// `actor` is who makes the revision, if not the principal.
    func update(_ channel: Channel, actor: String? = nil) throws(RepositoryError) {
        guard channel.isReadable else { return try updateUnreadable(channel, actor: actor) }
        try connection.execute(
            """
            UPDATE channels SET name = $4, settings = $5, subscription = $6, state = $7, disabled_reason = $8,
                version = $9, updated_at = $11, max_per_minute = $12, host = $13
            WHERE organization_id = $1 AND channel_id = $2 AND kind = $3 AND created_at = $10
            """, try values(of: channel))
        try insertRevision(of: channel, actor: actor)
    }

    /// Changes only the state of a channel that cannot be read, and keeps the rest in case its key is found again. The
    /// revision has no settings, so it can never be restored.
    private func updateUnreadable(_ channel: Channel, actor: String?) throws(RepositoryError) {
        try connection.execute(
            """
            UPDATE channels SET state = $3, disabled_reason = $4, version = $5, updated_at = $6
            WHERE organization_id = $1 AND channel_id = $2
            """,
            [
                SQLValue(organization), SQLValue(channel.id), SQLValue(channel.state.rawValue),
                SQLValue(channel.disabledReason), SQLValue(channel.version), SQLValue(channel.updatedAt),
            ])
        try insertRevision(of: channel, sealed: [], actor: actor)
    }

    private func values(of channel: Channel) throws(RepositoryError) -> [SQLValue] {
        [
            SQLValue(organization), SQLValue(channel.id), SQLValue(channel.kind), SQLValue(channel.name),
            .blob(try sealed(channel.settings, place: .channel(channel.id, of: organization))),
            SQLValue(channel.subscription.json.compactText), SQLValue(channel.state.rawValue),
            SQLValue(channel.disabledReason), SQLValue(channel.version), SQLValue(channel.createdAt),
            SQLValue(channel.updatedAt), SQLValue(channel.maxPerMinute.map(Int64.init)),
            SQLValue(channel.knownKind?.host(of: channel.settings)),
        ]
    }

    private func insertRevision(of channel: Channel, actor: String?) throws(RepositoryError) {
        let place = SealedText.Place.revision(channel.version, of: channel.id, organization: organization)
        try insertRevision(of: channel, sealed: try sealed(channel.settings, place: place), actor: actor)
    }

    private func insertRevision(
        of channel: Channel, sealed: [UInt8], actor: String?
    ) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO channel_revisions
                (organization_id, channel_id, version, name, settings, subscription, state, actor, created_at,
                    max_per_minute, disabled_reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                SQLValue(organization), SQLValue(channel.id), SQLValue(channel.version), SQLValue(channel.name),
                .blob(sealed), SQLValue(channel.subscription.json.compactText),
                SQLValue(channel.state.rawValue), SQLValue(actor ?? principal.actor), SQLValue(at),
                SQLValue(channel.maxPerMinute.map(Int64.init)), SQLValue(channel.disabledReason),
            ])
        try dropOldRevisions(of: channel)
    }

    /// The most revisions of a channel: whoever removes it deletes them in one transaction, and an explanation reads them.
    static let revisionsKept: Int64 = 500

    /// A few at a time, in case earlier versions left many.
    private func dropOldRevisions(of channel: Channel) throws(RepositoryError) {
        guard channel.version > Self.revisionsKept else { return }
        try connection.execute(
            """
            DELETE FROM channel_revisions WHERE organization_id = $1 AND channel_id = $2 AND version IN (
                SELECT version FROM channel_revisions WHERE organization_id = $1 AND channel_id = $2 AND version <= $3
                ORDER BY version LIMIT 10)
            """, [SQLValue(organization), SQLValue(channel.id), SQLValue(channel.version - Self.revisionsKept)])
    }

    private func sealed(_ settings: ChannelSettings, place: SealedText.Place) throws(RepositoryError) -> [UInt8] {
        try sealed(JSONValue.object(settings.json).compactBytes, place: place)
    }

    func sealed(_ plain: [UInt8], place: SealedText.Place) throws(RepositoryError) -> [UInt8] {
        try vault.seal(plain, with: try dataKey(), place: place)
    }

    /// The organization's key, which is made when it is first needed.
    func dataKey() throws(RepositoryError) -> SymmetricKey {
        let known = try vault.dataKey(of: organization, on: connection)
        return if let known { known } else { try vault.makeDataKey(of: organization, at: at, on: connection) }
    }

    func opened(_ sealed: [UInt8], place: SealedText.Place) throws(RepositoryError) -> [UInt8] {
        guard let key = try vault.dataKey(of: organization, on: connection) else {
            throw .unreadable("the data key of the organization is missing")
        }
        return try vault.open(sealed, with: key, place: place)
    }

    /// An empty blob, left by a removed channel, gives no settings.
    func settings(_ sealed: [UInt8], place: SealedText.Place) throws(RepositoryError) -> ChannelSettings {
        guard !sealed.isEmpty else { return ChannelSettings() }
        let plain = try opened(sealed, place: place)
        guard let json = try? JSONValue.parse(plain), let object = json.object else {
            throw .unreadable("sealed settings are not a JSON object")
        }
        return ChannelSettings(object)
    }

    func subscription(_ text: String) throws(RepositoryError) -> Subscription {
        guard let json = try? JSONValue.parse(text.utf8), let subscription = try? Subscription(reading: json) else {
            throw .unreadable("a stored subscription cannot be read")
        }
        return subscription
    }
}

extension SealedText.Place {
    static func channel(_ id: ChannelID, of organization: OrganizationID) -> Self {
        Self(table: "channels", column: "settings", organization: organization, row: id.text)
    }

    static func revision(_ version: Int64, of id: ChannelID, organization: OrganizationID) -> Self {
        Self(table: "channel_revisions", column: "settings", organization: organization, row: "\(id)/\(version)")
    }
}
