import Notifications

/// The result of posting an event. It is on disk, with all its deliveries.
package struct Acceptance: Sendable {
    package let organizationID: OrganizationID
    package let eventID: EventID
    package let due: Int
    package let skipped: Int
    /// The same idempotency key and body were posted before; nothing was written.
    package let isReplay: Bool
    /// Queues that now have something due, for the delivery engine.
    package var dueQueues: [DueQueue]

    /// Deliveries that are claimed already. They count among `due`, and their queues are not in `dueQueues`.
    package var claimed: [ClaimedDelivery] = []
    /// The event as it is sent; nil if nothing was written.
    var content: EventContent?
    /// In bytes of JSON.
    var payloadLength = 0

    package var deliveries: Int { due + skipped }

    /// As the same event gets it that is posted again.
    var repeated: Acceptance {
        Acceptance(
            organizationID: organizationID, eventID: eventID, due: due, skipped: skipped, isReplay: true, dueQueues: [])
    }
}

extension Acceptance {
    init(
        of event: NewEvent, _ deliveries: [NewDelivery], in organization: OrganizationID, dueAt: Timestamp
    ) {
        let dueQueues = deliveries.filter { $0.state == .due }.map { delivery in
            DueQueue(
                queue: ChannelQueue(organizationID: organization, channelID: delivery.addressee.channel),
                host: delivery.addressee.host, dueAt: dueAt)
        }
        let claimed = deliveries.compactMap(\.claim)
        self.init(
            organizationID: organization, eventID: event.id, due: dueQueues.count + claimed.count,
            skipped: deliveries.count - dueQueues.count - claimed.count, isReplay: false, dueQueues: dueQueues,
            claimed: claimed, content: event.content, payloadLength: event.payload.utf8.count)
    }
}
