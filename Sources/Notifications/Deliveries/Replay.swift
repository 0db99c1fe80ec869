/// Sending again what a channel did not get, or did: by a span of time and by states, paced.
package struct Replay: Sendable {
    package let id: ReplayID
    package let organizationID: OrganizationID
    package let request: ReplayRequest
    /// Deliveries a minute: what was asked for, or the channel's own rate where that is slower.
    package let perMinute: Int
    package let state: ReplayState
    /// How many deliveries were counted when it was started.
    package let total: Int64
    /// How many it has made due.
    package let requeued: Int64
    /// How many it left as they are, because the channel does not want those events now.
    package let skipped: Int64
    package let actor: String
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// When it was at its end, or was cancelled.
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

package enum ReplayState: String, CaseIterable, Sendable {
    case running
    /// Makes nothing due until it is resumed.
    case paused
    /// All is due that was to be; it may still be under way.
    case finished
    case cancelled
}

/// What a replay sends again.
package enum ReplaySelection: String, CaseIterable, Sendable {
    case failed
    case cancelled
    case skipped
    case delivered
    /// Events that the channel never got because it did not exist then.
    case missing
}

/// What somebody wants to be sent again.
package struct ReplayRequest: Equatable, Sendable {
    package let channelID: ChannelID
    /// Events received at or after, and before.
    package let since: Timestamp
    package let until: Timestamp
    package let selection: [ReplaySelection]
    /// Nil for five a second.
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
}

/// What a replay would do, counted before.
package struct ReplayPlan: Equatable, Sendable {
    package let counts: [ReplaySelection: Int64]
    /// When the first and the last of the events came in; nil when there is none.
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

    /// How long it takes until the last one is due.
    package var duration: Duration { .seconds(60 * count) / perMinute }
}
