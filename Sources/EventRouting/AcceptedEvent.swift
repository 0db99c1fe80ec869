import Notifications
import Repository

/// Room in flight that is set aside for an event while it is being accepted.
struct Reservation: Sendable {
    let turns: [FairScheduler.Turn]
}

/// What became of an event for which room may have been set aside.
struct AcceptedEvent: Sendable {
    /// Nil if there was none.
    let reservation: Reservation?
    /// Nil if it was not accepted.
    let acceptance: Acceptance?

    var claimed: [ClaimedDelivery] { acceptance?.claimed ?? [] }
    var dueQueues: [DueQueue] { acceptance?.dueQueues ?? [] }

    /// The channels that it goes to.
    var audience: RecentAudiences.Audience {
        claimed.map { ($0.queue, $0.host) } + dueQueues.map { ($0.queue, $0.host) }
    }
}
