import Notifications

extension Repository {
    /// The channels that match, of at most 1,000. `kinds` are those whose oldest channel is returned with its settings,
    /// without one that is being removed.
    package func channelBoard(
        of organization: OrganizationID, _ search: ChannelSearch, opening kinds: [String], as principal: Principal
    ) async throws(RepositoryError) -> ChannelBoard {
        let fingerprints = fingerprints
        return try await look(organization, .read, "channels.list", as: principal) {
            transaction throws(RepositoryError) in
            let all = try transaction.boardPlaces()
            let matching = all.filter { $0.matches(search) }
            let shown = matching.dropFirst(search.offset).prefix(search.limit)
            let first = kinds.compactMap { kind in all.first { $0.kind == kind && !$0.isLeaving } }
            let alike = Dictionary(grouping: all) { $0.look }
            let lines = try shown.map { place throws(RepositoryError) in
                var line = place.line(transaction)
                line.awaitsRecipients = transaction.awaitsRecipients(place)
                guard let others = alike[place.look], others.count > 1 else { return line }
                line.address = fingerprints.shown(try transaction.channel(place.id))
                return line
            }
            return ChannelBoard(
                lines: lines, matching: matching.count, total: all.count,
                counts: Dictionary(grouping: all) { $0.condition }.mapValues(\.count),
                disabledByItself: all.count { $0.state == .disabled && $0.disabledReason != nil },
                ofKind: Dictionary(grouping: all.filter { !$0.isLeaving }) { $0.kind }.mapValues(\.count),
                first: try first.map { place throws(RepositoryError) in try transaction.channel(place.id) })
        }
    }
}

/// A channel to choose from a list.
package struct ChannelName: Sendable {
    package let id: ChannelID
    package let name: String
}

extension Repository {
    /// Every channel, of at most 1,000, oldest first.
    package func channelNames(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> [ChannelName] {
        try await look(organization, .read, "channels.list", as: principal) { transaction throws(RepositoryError) in
            try transaction.connection.rows(
                "SELECT channel_id, name FROM channels WHERE organization_id = $1 AND state <> 'removed' ORDER BY channel_id",
                [SQLValue(organization)]
            ) { row in ChannelName(id: row.id(0), name: row.text(1)) }
        }
    }
}

extension Transaction {
    fileprivate func boardPlaces() throws(RepositoryError) -> [ChannelPlace] {
        try connection.rows(
            """
            SELECT c.channel_id, c.name, c.kind, c.state, c.disabled_reason, c.subscription, r.due_at,
                \(ReceiverHealth.columns)
            FROM channels c
            LEFT JOIN planned_removals r ON r.organization_id = c.organization_id AND r.channel_id = c.channel_id
            LEFT JOIN channel_health h ON h.organization_id = c.organization_id AND h.channel_id = c.channel_id
            WHERE c.organization_id = $1 AND c.state <> 'removed' ORDER BY c.channel_id
            """, [SQLValue(organization)]
        ) { row in ChannelPlace(row, kinds: kinds, at: at) }
    }

    /// Damaged settings must not hide the channel.
    fileprivate func awaitsRecipients(_ place: ChannelPlace) -> Bool {
        guard let kind = kinds.kind(place.kind), kind.asksRecipients, let channel = try? channel(place.id) else {
            return false
        }
        return kind.pending(in: channel.settings) != nil
    }
}

/// A channel as the list reads it; only of those that are shown is the subscription parsed.
private struct ChannelPlace {
    let id: ChannelID
    let name: String
    let kind: String
    let kindName: String
    let state: ChannelState
    let disabledReason: String?
    let subscription: String
    let isLeaving: Bool
    let health: ReceiverHealth?

    init(_ row: any SQLRow, kinds: ChannelCatalogue, at now: Timestamp) {
        id = row.id(0)
        name = row.text(1)
        kind = row.text(2)
        kindName = kinds.name(of: kind)
        state = ChannelState(rawValue: row.text(3)) ?? .disabled
        disabledReason = row.optionalText(4)
        subscription = row.text(5)
        isLeaving = !row.isNull(6)
        health = ReceiverHealth(row, from: 7, at: now)
    }

    /// What a person sees of it.
    var look: [ForeignText] { [ForeignText(kind), ForeignText(name)] }

    var condition: ChannelCondition { ChannelCondition(state, health) }

    func matches(_ search: ChannelSearch) -> Bool {
        if let wanted = search.condition, wanted != condition { return false }
        guard !search.text.isEmpty else { return true }
        let text = search.text.lowercased()
        return name.lowercased().holdsBytes(of: text) || kindName.lowercased().holdsBytes(of: text)
            || id.text.startsWithBytes(of: text)
    }

    /// A damaged subscription must not hide the channel.
    func line(_ transaction: Transaction) -> ChannelBoardLine {
        ChannelBoardLine(
            id: id, name: name, kind: kind, kindName: kindName, state: state, disabledReason: disabledReason,
            subscription: (try? transaction.subscription(subscription)) ?? .everything, health: health,
            isLeaving: isLeaving)
    }
}
