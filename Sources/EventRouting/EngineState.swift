import DequeModule
import Notifications
import Repository

/// The delivery engine as a value: it hears what has happened and says what is to be done, without a clock, randomness or
/// I/O of its own. `DeliveryEngine` carries it out against the world; the simulation in the tests carries the same out
/// against a small world that it can break. All that must survive is in the database: this only knows whose turn it is
/// and what is under way in this process.
struct EngineState {
    /// A claimed delivery until its result is written.
    struct UnderWay {
        let delivery: ClaimedDelivery
        /// When its lease is to be renewed, by the steady clock.
        var renewAt: Duration
        /// The result, once there is one, and when to try again to write it: nil while that goes on.
        var result: DeliveryResult?
        var writeAt: Duration?
    }

    /// A claim, of which there may be several for one delivery when its lease was taken.
    struct Lease: Hashable, Comparable {
        let delivery: DeliveryID
        let token: Int64

        init(_ delivery: ClaimedDelivery) {
            self.delivery = delivery.id
            token = delivery.fencingToken
        }

        static func < (lhs: Self, rhs: Self) -> Bool { (lhs.delivery, lhs.token) < (rhs.delivery, rhs.token) }
    }

    let limits: DeliveryLimits
    /// When this process began, by the steady clock.
    let startedAt: Duration
    var scheduler: FairScheduler
    var underWay: [Lease: UnderWay] = [:]
    var unwritten = 0
    /// FairScheduler that failed together and are claimed one by one.
    var alone: Deque<FairScheduler.Turn> = []
    var hasBegun = false
    var isClaiming = false
    var isSweeping = false
    var isFollowingWallClock = false
    var isClosed = false
    var isEnding = false
    var sweepAt: Duration

    init(limits: DeliveryLimits, at moment: Moment) {
        self.limits = limits
        startedAt = moment.steady
        scheduler = FairScheduler(limits: limits)
        sweepAt = moment.steady + limits.sweep
    }

    /// Deliveries whose request is on its way.
    var sending: Int { scheduler.underWay }
    /// How many things are remembered.
    var size: Int { scheduler.size + underWay.count + alone.count }

    /// Takes one thing that has happened, and says what is to be done for it, in that order.
    mutating func step(_ input: EngineInput, at moment: Moment) -> [EngineEffect] {
        var effects: [EngineEffect] = []
        watchTheClock(moment, &effects)
        take(input, moment, &effects)
        claimMore(moment, &effects)
        if isEnding, underWay.isEmpty, !isClaiming { effects.append(.finish) }
        return effects
    }

    private mutating func take(_ input: EngineInput, _ moment: Moment, _ effects: inout [EngineEffect]) {
        switch input {
        case .began(let queues):
            hasBegun = true
            due(queues, moment)
        case .woken(let queues): for (queue, host) in queues { scheduler.due(queue, host: host, at: moment.steady) }
        case .ticked: tick(moment, &effects)
        case .claimed(let turns, let claims): claimed(turns, claims, moment, &effects)
        case .claimFailed(let turns): claimFailed(turns, moment)
        case .answered(let delivery, let answer, let jitter): answered(delivery, answer, jitter, moment, &effects)
        case .brokenOff(let delivery): brokenOff(delivery, &effects)
        case .released: break
        case .recorded(let delivery, let recorded): self.recorded(delivery, recorded, moment)
        case .swept(let queues):
            isSweeping = false
            due(queues ?? [], moment)
        case .wallClockFollowed: isFollowingWallClock = false
        case .closing: isClosed = true
        case .shutDown:
            isClosed = true
            isEnding = true
        }
    }
}
