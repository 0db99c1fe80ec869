/// Sends a channel's deliveries again, or those it never got, selected by time and state, and paced.
package struct Replay: Sendable {
    package let id: ReplayID
    package let organizationID: OrganizationID
    package let request: ReplayRequest
    /// Deliveries per minute: as requested, or the channel's own rate if that is slower.
    package let perMinute: Int
    package let state: ReplayState
    /// How many deliveries were counted at its start.
    package let total: Int64
    /// How many it has made due so far.
    package let requeued: Int64
    /// How many it skipped, because the channel does not want those events now.
    package let skipped: Int64
    package let actor: String
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// When it finished or was cancelled.
    package let finishedAt: Timestamp?

    package init(
        id: ReplayID, organizationID: OrganizationID, request: ReplayRequest, perMinute: Int, state: ReplayState,
        total: Int64, requeued: Int64, skipped: Int64, actor: String, createdAt: Timestamp, updatedAt: Timestamp,
        finishedAt: Timestamp?
    ) {
        self.id = id
        self.organizationID = organizationID
        self.request = request
        self.perMinute = perMinute
        self.state = state
        self.total = total
        self.requeued = requeued
        self.skipped = skipped
        self.actor = actor
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.finishedAt = finishedAt
    }
}

/// The raw value is the word in the API and the database.
package enum ReplayState: String, CaseIterable, Sendable {
    case running
    /// Makes nothing due until it is resumed.
    case paused
    /// Everything has been made due; it may still be in flight.
    case finished
    case cancelled
}

/// Which deliveries a replay sends again.
package enum ReplaySelection: String, CaseIterable, Sendable {
    case failed
    case cancelled
    case skipped
    case delivered
    /// Events from before the channel existed.
    case missing
}

/// What to send again.
package struct ReplayRequest: Equatable, Sendable {
    package let channelID: ChannelID
    /// Selects events received from `since` to before `until`.
    package let since: Timestamp
    package let until: Timestamp
    package let selection: [ReplaySelection]
    /// Deliveries per minute; nil for `standardPerMinute`.
    package let perMinute: Int?

    package static let standardPerMinute = 300
    package static let ratesAllowed = ChannelDraft.ratesAllowed

    package init(
        channelID: ChannelID, since: Timestamp, until: Timestamp, selection: [ReplaySelection], perMinute: Int? = nil
    ) {
        self.channelID = channelID
        self.since = since
        self.until = until
        self.selection = selection
        self.perMinute = perMinute
    }

    /// A request for a time that was checked.
    package init(channelID: ChannelID, span: ReplaySpan, selection: [ReplaySelection], perMinute: Int?) {
        self.init(
            channelID: channelID, since: span.since, until: span.until, selection: selection, perMinute: perMinute)
    }
}

/// A preview of a replay.
package struct ReplayPlan: Equatable, Sendable {
    package let counts: [ReplaySelection: Int64]
    /// When the first and the last of the events were received; nil if there are none.
    package let oldest: Timestamp?
    package let newest: Timestamp?
    package let perMinute: Int

    package init(counts: [ReplaySelection: Int64], oldest: Timestamp?, newest: Timestamp?, perMinute: Int) {
        self.counts = counts
        self.oldest = oldest
        self.newest = newest
        self.perMinute = perMinute
    }

    package var count: Int64 { counts.values.reduce(0, +) }

    /// How long it takes to make everything due.
    package var duration: Duration { .seconds(60 * count) / perMinute }
}
