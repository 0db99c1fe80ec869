import Notifications
import Repository

/// What the engine's state hears of the world.
enum EngineInput: Sendable {
    /// What an earlier process had claimed is taken back; these queues have something due, now or later.
    case began([DueQueue])
    /// Something is due now at these queues, with the receiver's host where it is known.
    case woken([(queue: ChannelQueue, host: String?)])
    /// Time has passed.
    case ticked
    case claimed([FairScheduler.Turn], [QueueClaim])
    case claimFailed([FairScheduler.Turn])
    /// An attempt is over. `jitter`, from 0 to below 1, spreads the next one.
    case answered(ClaimedDelivery, AttemptAnswer, jitter: Double)
    /// An attempt was broken off without an answer: the process is to end.
    case brokenOff(ClaimedDelivery)
    /// Its lease is given back.
    case released
    /// A result was written, or, with nil, could not be.
    case recorded(ClaimedDelivery, Recorded?)
    /// Leases are renewed, and those that ended are taken back; nil when that failed.
    case swept([DueQueue]?)
    /// What is read as the time follows the wall clock again, or could not be made to.
    case wallClockFollowed
    /// Nothing more is to be claimed.
    case closing
    /// Nothing more is to be claimed, and the engine ends when nothing is under way.
    case shutDown
}

/// What the engine's state wants done.
enum EngineEffect: Sendable {
    /// Claim what is due, durably.
    case claim([FairScheduler.Turn])
    /// Send what was claimed.
    case send(ClaimedDelivery)
    case record(DeliveryResult)
    /// Give a lease back, unused.
    case release(ClaimedDelivery)
    /// Renew these leases and take back others that have ended.
    case sweep(renewing: [ClaimedDelivery])
    /// The wall clock was set by so much: what is read as the time follows it, and no due time changes.
    case followWallClock(by: Duration)
    /// All is done.
    case finish
}
