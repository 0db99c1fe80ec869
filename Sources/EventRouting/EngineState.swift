import DequeModule
import Notifications
import Repository

/// The delivery engine as a value: it takes inputs and returns effects, without a clock, randomness or I/O of its own.
/// `DeliveryEngine` performs the effects; the tests' simulation performs them against a small world that it can break.
/// Whatever must survive is in the database: this only knows whose turn it is and what is in flight in this process.
struct EngineState {
    /// A claimed delivery, until its result is written.
    struct UnderWay {
        let delivery: ClaimedDelivery
        /// When to renew its lease, by the steady clock.
        var renewAt: Duration
        /// Nil until the attempt is over.
        var result: DeliveryResult?
        /// When to try again to write the result; nil unless a write has failed.
        var writeAt: Duration?
    }

    /// Identifies a claim. One delivery may have several, if an earlier lease has expired.
    struct Lease: Hashable, Comparable {
        let delivery: DeliveryID
        let token: Int64

        init(_ delivery: ClaimedDelivery) {
            self.delivery = delivery.id
            token = delivery.fencingToken
        }

        static func < (lhs: Self, rhs: Self) -> Bool { (lhs.delivery, lhs.token) < (rhs.delivery, rhs.token) }
    }

    /// The database follows the wall clock when it is off by more: less does no harm, and the two clocks are read one
    /// after the other.
    private static let clockTolerance = Duration.seconds(2)
    /// Before a queue that could not be claimed is tried again.
    private static let claimPause = Duration.seconds(2)
    /// Before a result that could not be written is tried again.
    private static let writePause = Duration.seconds(1)

    private let limits: DeliveryLimits
    /// When this process started, by the steady clock.
    private let startedAt: Duration
    private(set) var scheduler: FairScheduler
    private(set) var underWay: [Lease: UnderWay] = [:]
    /// How many of `underWay` have a result.
    private var unwritten = 0
    /// Turns that failed together and are now claimed one by one.
    private var alone: Deque<FairScheduler.Turn> = []
    private var hasBegun = false
    private var isClaiming = false
    private var isSweeping = false
    private var isFollowingWallClock = false
    private var isClosed = false
    private var isEnding = false
    private(set) var sweepAt: Duration

    init(limits: DeliveryLimits, at moment: Moment) {
        self.limits = limits
        startedAt = moment.steady
        scheduler = FairScheduler(limits: limits)
        sweepAt = moment.steady + limits.sweep
    }

    /// Deliveries whose request is in flight.
    var sending: Int { scheduler.underWay }
    /// How many things are in memory.
    var size: Int { scheduler.size + underWay.count + alone.count }

    /// Takes one input and returns what to do about it, in that order.
    mutating func step(_ input: EngineInput, at moment: Moment) -> [EngineEffect] {
        var effects: [EngineEffect] = []
        checkWallClock(moment, &effects)
        take(input, moment, &effects)
        claimMore(moment, &effects)
        if isEnding, underWay.isEmpty, !isClaiming { effects.append(.finish) }
        return effects
    }
}

// MARK: Steps

extension EngineState {
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

    private mutating func due(_ queues: [DueQueue], _ moment: Moment) {
        for due in queues {
            scheduler.due(due.queue, host: due.host, at: moment.steady(at: due.dueAt))
        }
    }

    private mutating func checkWallClock(_ moment: Moment, _ effects: inout [EngineEffect]) {
        let isOff = moment.drift > Self.clockTolerance || moment.drift < .zero - Self.clockTolerance
        guard isOff, hasBegun, !isFollowingWallClock else { return }
        isFollowingWallClock = true
        effects.append(.followWallClock(by: moment.drift))
    }

    private mutating func claimMore(_ moment: Moment, _ effects: inout [EngineEffect]) {
        guard hasBegun, !isClosed, !isClaiming, unwritten < limits.total else { return }
        let next = alone.popFirst().map { [$0] } ?? scheduler.next(at: moment.steady, count: limits.turnsAtOnce)
        guard !next.isEmpty else { return }
        isClaiming = true
        effects.append(.claim(next))
    }

    private mutating func tick(_ moment: Moment, _ effects: inout [EngineEffect]) {
        if unwritten > 0 { writeAgain(moment, &effects) }
        guard hasBegun, moment.steady >= sweepAt, !isSweeping else { return }
        sweepAt = moment.steady + limits.sweep
        isSweeping = true
        effects.append(.sweep(renewing: leasesToRenew(moment)))
    }

    /// Without its result, an attempt would be made again: so writing is retried for as long as it takes.
    private mutating func writeAgain(_ moment: Moment, _ effects: inout [EngineEffect]) {
        for lease in underWay.keys.sorted() {
            guard let state = underWay[lease], let at = state.writeAt, at <= moment.steady, let result = state.result
            else { continue }
            underWay[lease]?.writeAt = nil
            effects.append(.record(result))
        }
    }

    /// Leases a third of the way to their end, so that one renewal may fail.
    private mutating func leasesToRenew(_ moment: Moment) -> [ClaimedDelivery] {
        var due: [ClaimedDelivery] = []
        for (lease, state) in underWay where state.renewAt <= moment.steady {
            underWay[lease]?.renewAt = moment.steady + limits.lease / 3
            due.append(state.delivery)
        }
        return due
    }

    private mutating func claimed(
        _ turns: [FairScheduler.Turn], _ claims: [QueueClaim], _ moment: Moment, _ effects: inout [EngineEffect]
    ) {
        isClaiming = false
        for (turn, claim) in zip(turns, claims) {
            scheduler.claimed(
                turn, count: claim.deliveries.count, host: claim.host,
                nextDueAt: claim.nextDueAt.map { moment.steady(at: $0) })
            due(claim.told, moment)
            for delivery in claim.deliveries {
                underWay[Lease(delivery)] = UnderWay(delivery: delivery, renewAt: moment.steady + limits.lease / 3)
                effects.append(.send(delivery))
            }
        }
    }

    /// One unreadable queue (its settings cannot be decrypted, say) must not hold up the others, so each is claimed by
    /// itself next, and one that fails again has to pause.
    private mutating func claimFailed(_ failed: [FairScheduler.Turn], _ moment: Moment) {
        isClaiming = false
        if failed.count > 1 {
            alone.append(contentsOf: failed)
        } else if let turn = failed.first {
            scheduler.claimed(turn, count: 0, host: nil, nextDueAt: moment.steady + Self.claimPause)
        }
    }

    /// Frees the room for the next delivery before the result is written.
    private mutating func answered(
        _ delivery: ClaimedDelivery, _ answer: AttemptAnswer, _ jitter: Double, _ moment: Moment,
        _ effects: inout [EngineEffect]
    ) {
        // A receiver with a published rate gets no more at once than it always did.
        let load = delivery.channel.rate == nil ? answer.load : nil
        scheduler.finished(delivery.queue, host: delivery.host, isAnswered: answer.isAnswered, load: load)
        let result = DeliveryResult(of: delivery, answer, jitter: jitter, uptime: moment.steady - startedAt)
        if underWay[Lease(delivery)]?.result == nil { unwritten += 1 }
        underWay[Lease(delivery)]?.result = result
        effects.append(.record(result))
    }

    /// Makes the delivery due again, for the next process.
    private mutating func brokenOff(_ delivery: ClaimedDelivery, _ effects: inout [EngineEffect]) {
        scheduler.finished(delivery.queue, host: delivery.host)
        underWay[Lease(delivery)] = nil
        effects.append(.release(delivery))
    }

    private mutating func recorded(_ delivery: ClaimedDelivery, _ recorded: Recorded?, _ moment: Moment) {
        guard let recorded else {
            underWay[Lease(delivery)]?.writeAt = moment.steady + Self.writePause
            return
        }
        if underWay.removeValue(forKey: Lease(delivery)) != nil { unwritten -= 1 }
        due(recorded.due, moment)
    }
}
