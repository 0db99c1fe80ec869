import Notifications

/// The deliveries of one channel: they wait for each other's room, and for nobody else's.
package struct ChannelQueue: Hashable, Sendable {
    package let organizationID: OrganizationID
    package let channelID: ChannelID

    /// Nothing is looked up: the channel need not exist.
    package init(organizationID: OrganizationID, channelID: ChannelID) {
        self.organizationID = organizationID
        self.channelID = channelID
    }
}

/// A queue with the time at which its next delivery is due.
package struct DueQueue: Sendable {
    package let queue: ChannelQueue
    /// The receiver's host; nil when it is not known.
    package let host: String?
    package let dueAt: Timestamp

    /// - Parameter dueAt: by the service's clock (`ServiceClock`), as all due times.
    package init(queue: ChannelQueue, host: String? = nil, dueAt: Timestamp) {
        self.queue = queue
        self.host = host
        self.dueAt = dueAt
    }
}

/// A delivery whose lease somebody holds, with all that is needed to send it: nothing is looked up again on the way.
package struct ClaimedDelivery: Sendable {
    package let id: DeliveryID
    package let queue: ChannelQueue
    package let content: EventContent
    package let channel: Channel
    package let runLink: String?
    /// The receiver's host, for the limit that all its channels share.
    package let host: String?
    /// Counts from 1; this one included.
    package let attempt: Int
    /// The same, counted from when the delivery was last made due by hand: where it stands in the retry schedule.
    package let attemptOfRound: Int
    /// It was claimed behind an open circuit.
    package let isProbe: Bool
    /// Only the holder of the newest token can write a result.
    package let fencingToken: Int64
}

/// What one queue gave.
package struct QueueClaim: Sendable {
    package let queue: ChannelQueue
    package var host: String?
    package var deliveries: [ClaimedDelivery]
    /// When the queue has something due again, after these; nil when nothing waits.
    package var nextDueAt: Timestamp?
    /// How many things were set aside because they cannot be read: deliveries, or the channel.
    package var setAside = 0
    /// The fallback channel's queue, when that was told of it.
    package var told: [DueQueue] = []
}
