import Notifications

/// What the results of one transaction add to the tallies of the hour: one row for a channel and one for its
/// organization, however many results they have.
struct ResultTallies {
    private(set) var channels: [ChannelQueue: DeliveryTally] = [:]
    private(set) var organizations: [OrganizationID: DeliveryTally] = [:]

    mutating func note(_ result: DeliveryResult) {
        guard result.outcome.isAttempt else { return }
        let queue = result.delivery.queue
        Self.note(result, in: &channels[queue, default: DeliveryTally()])
        Self.note(result, in: &organizations[queue.organizationID, default: DeliveryTally()])
    }

    private static func note(_ result: DeliveryResult, in tally: inout DeliveryTally) {
        if result.outcome.state == .delivered {
            let arrival = result.attempt.startedAt + result.attempt.duration
            tally.noteArrival(after: arrival - result.delivery.id.time)
        } else {
            tally.noteFailure(isLast: result.outcome.state == .failed)
        }
    }
}
