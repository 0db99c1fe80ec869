import Notifications
import Repository

/// What happened, as the engine's state learns of it.
enum EngineInput: Sendable {
    /// Earlier claims are reclaimed; these queues have something due, now or later.
    case began([DueQueue])
    /// These queues have something due now. The receiver's host is given where it is known.
    case woken([(queue: ChannelQueue, host: String?)])
    /// Events were accepted, or could not be.
    case accepted([AcceptedEvent])
    /// Time has passed.
    case ticked
    /// This work was written, with this progress.
    case written(EngineWork, Progress)
    /// Nothing of this work was written.
    case writeFailed(EngineWork)
    /// An attempt is over. `jitter`, from 0 to below 1, spreads the next one.
    case answered(ClaimedDelivery, AttemptAnswer, jitter: Double)
    /// An attempt was interrupted without an answer, because the process is ending.
    case brokenOff(ClaimedDelivery)
    /// A lease was released.
    case released
    /// The node gave a sign of life and looked for others; nil if that failed.
    case swept(Sweep?)
    /// A node began or left.
    case nodesChanged
    /// The attempt to follow the wall clock is over.
    case wallClockFollowed
    /// Stop claiming.
    case closing
    /// Stop claiming, and finish when nothing is in flight.
    case shutDown
    /// Nobody waits any longer: finish when no request is in flight, whether or not all results can be written.
    case cancelled
}

/// What the engine's state asks for.
enum EngineEffect: Sendable {
    /// Write these results and claim what is due, durably, in one transaction.
    case write(EngineWork)
    /// Make one attempt.
    case send(ClaimedDelivery)
    /// Release a lease without an attempt.
    case release(ClaimedDelivery)
    /// Give a sign of life, and look for nodes that are gone and for what nobody serves.
    case sweep
    /// The wall clock was set by this much: let the displayed time follow it without changing when anything is due.
    case followWallClock(by: Duration)
    /// Nothing is left to do.
    case finish
}

/// What a sweep found.
struct Sweep: Sendable {
    /// How many nodes are alive.
    var nodes = 1
    /// Queues that have something due.
    var queues: [DueQueue] = []
}

/// What the engine wants from one transaction.
struct EngineWork: Sendable {
    /// Results of attempts, oldest first.
    var results: [DeliveryResult] = []
    /// Queues whose turn it is to claim.
    var turns: [FairScheduler.Turn] = []

    var count: Int { results.count + turns.count }

    /// Each result and each turn by itself.
    var pieces: [EngineWork] {
        results.map { EngineWork(results: [$0]) } + turns.map { EngineWork(turns: [$0]) }
    }
}
