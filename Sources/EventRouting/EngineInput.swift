import Notifications
import Repository

/// What happened, as the engine's state learns of it.
enum EngineInput: Sendable {
    /// Earlier claims are reclaimed; these queues have something due, now or later.
    case began([DueQueue])
    /// These queues have something due now. The receiver's host is given where it is known.
    case woken([(queue: ChannelQueue, host: String?)])
    /// Time has passed.
    case ticked
    /// The claims of these turns, in the same order.
    case claimed([FairScheduler.Turn], [QueueClaim])
    /// None of these turns was claimed.
    case claimFailed([FairScheduler.Turn])
    /// An attempt is over. `jitter`, from 0 to below 1, spreads the next one.
    case answered(ClaimedDelivery, AttemptAnswer, jitter: Double)
    /// An attempt was interrupted without an answer, because the process is ending.
    case brokenOff(ClaimedDelivery)
    /// A lease was released.
    case released
    /// A result was written; nil if that failed.
    case recorded(ClaimedDelivery, Recorded?)
    /// Leases were renewed and expired ones reclaimed, whose queues these are; nil if that failed.
    case swept([DueQueue]?)
    /// The attempt to follow the wall clock is over.
    case wallClockFollowed
    /// Stop claiming.
    case closing
    /// Stop claiming, and finish when nothing is in flight.
    case shutDown
}

/// What the engine's state asks for.
enum EngineEffect: Sendable {
    /// Claim what is due, durably.
    case claim([FairScheduler.Turn])
    /// Make one attempt.
    case send(ClaimedDelivery)
    /// Write the result of an attempt.
    case record(DeliveryResult)
    /// Release a lease without an attempt.
    case release(ClaimedDelivery)
    /// Renew these leases and reclaim expired ones.
    case sweep(renewing: [ClaimedDelivery])
    /// The wall clock was set by this much: let the displayed time follow it without changing when anything is due.
    case followWallClock(by: Duration)
    /// Nothing is left to do.
    case finish
}
