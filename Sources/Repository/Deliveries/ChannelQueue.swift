import Notifications

/// The deliveries of one channel. They compete for room only with each other.
package struct ChannelQueue: Hashable, Sendable {
    package let organizationID: OrganizationID
    package let channelID: ChannelID

    /// Looks nothing up: the channel need not exist.
    package init(organizationID: OrganizationID, channelID: ChannelID) {
        self.organizationID = organizationID
        self.channelID = channelID
    }
}

/// A queue and the time at which its next delivery is due.
package struct DueQueue: Sendable {
    package let queue: ChannelQueue
    /// The receiver's host; nil if unknown.
    package let host: String?
    package let dueAt: Timestamp

    /// - Parameter dueAt: by the service's clock (`ServiceClock`), like all due times.
    package init(queue: ChannelQueue, host: String? = nil, dueAt: Timestamp) {
        self.queue = queue
        self.host = host
        self.dueAt = dueAt
    }
}

/// What the engine wants from one queue.
package struct ClaimRequest: Sendable {
    package let queue: ChannelQueue
    package let limit: Int

    /// - Parameter limit: how many deliveries at most.
    package init(queue: ChannelQueue, limit: Int) {
        self.queue = queue
        self.limit = limit
    }
}

/// A leased delivery with everything needed to send it, so that nothing has to be looked up again. A value that is passed
/// on often, by reference.
package final class ClaimedDelivery: Sendable {
    package let id: DeliveryID
    package let queue: ChannelQueue
    package let content: EventContent
    package let channel: Channel
    package let runLink: String?
    /// At the end of a run, the message about its start, if the channel's kind refers to it.
    package let startedMessage: StartedMessage?
    /// At the start of a run that has ended by now, the end, if the service shows only the newest message: then that is sent.
    package let endedRun: EndedRun?
    /// The receiver's host, for the limit that all channels with that host share.
    package let host: String?
    /// Counts from 1, this attempt included.
    package let attempt: Int
    /// The same, counted since the delivery was last made due by hand: its position in the retry schedule.
    package let attemptOfRound: Int
    /// Whether it was claimed to probe an open circuit.
    package let isProbe: Bool
    /// Only the holder of the newest token can write a result.
    package let fencingToken: Int64

    /// See the properties.
    package init(
        id: DeliveryID, queue: ChannelQueue, content: EventContent, channel: Channel, runLink: String?,
        startedMessage: StartedMessage? = nil, endedRun: EndedRun? = nil, host: String?, attempt: Int,
        attemptOfRound: Int, isProbe: Bool, fencingToken: Int64
    ) {
        self.id = id
        self.queue = queue
        self.content = content
        self.channel = channel
        self.runLink = runLink
        self.startedMessage = startedMessage
        self.endedRun = endedRun
        self.host = host
        self.attempt = attempt
        self.attemptOfRound = attemptOfRound
        self.isProbe = isProbe
        self.fencingToken = fencingToken
    }
}

/// A message about a run's start that was delivered to the same channel.
package struct StartedMessage: Sendable {
    /// The delivery that it was.
    package let delivery: DeliveryID
    /// As the service calls the message.
    package let id: String
}

/// What was claimed from one queue.
package struct QueueClaim: Sendable {
    package let queue: ChannelQueue
    package var host: String?
    package var deliveries: [ClaimedDelivery]
    /// When the queue's next delivery is due after these; nil if nothing waits.
    package var nextDueAt: Timestamp?
    /// The number of deliveries set aside as unreadable, or 1 for the channel.
    package var setAside = 0
    /// The fallback channel's queue, if that was told about it.
    package var told: [DueQueue] = []
}
