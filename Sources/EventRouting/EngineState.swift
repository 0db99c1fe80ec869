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
    /// Before a sign of life that failed is tried again.
    private static let sweepPause = Duration.seconds(1)

    private let limits: DeliveryLimits
    /// When this process started, by the steady clock.
    private let startedAt: Duration
    private(set) var scheduler: FairScheduler
    private(set) var underWay: [Lease: UnderWay] = [:]
    /// How many of `underWay` have a result.
    private var unwritten = 0
    /// Results that no write has taken yet, oldest first.
    private var results: Deque<DeliveryResult> = []
    /// Results and turns that failed together and are now written one by one.
    private var alone: Deque<EngineWork> = []
    /// Which channels events went to lately.
    private var audiences = RecentAudiences()
    /// How many reservations are neither used nor given back.
    private var reservations = 0
    private var hasBegun = false
    /// One write at a time: what comes up meanwhile shares the next one.
    private var isWriting = false
    private var isFollowingWallClock = false
    private var isClosed = false
    private var isEnding = false
    private var isCancelled = false
    private(set) var sweepAt: Duration
    /// When the sweep that is under way began.
    private var sweepingSince: Duration?
    /// When the last sweep that succeeded began.
    private var aliveAt: Duration

    init(limits: DeliveryLimits, at moment: Moment) {
        self.limits = limits
        startedAt = moment.steady
        aliveAt = moment.steady
        scheduler = FairScheduler(limits: limits)
        sweepAt = moment.steady + limits.sweep
    }

    /// Deliveries whose request is in flight.
    var sending: Int { scheduler.underWay }
    /// How many things are in memory.
    var size: Int { scheduler.size + underWay.count + results.count + alone.count }

    /// Takes inputs and returns what to do about them, in that order.
    mutating func step(_ inputs: [EngineInput], at moment: Moment) -> [EngineEffect] {
        var effects: [EngineEffect] = []
        checkWallClock(moment, &effects)
        for input in inputs { take(input, moment, &effects) }
        writeMore(moment, &effects)
        if isEnding, isIdle, !isWriting, reservations == 0 { effects.append(.finish) }
        return effects
    }

    /// Whether nothing has to be waited for. Without its result, a delivery is sent again by the next process.
    private var isIdle: Bool { isCancelled ? unwritten == underWay.count : underWay.isEmpty }
}

// MARK: Steps

extension EngineState {
    private mutating func take(_ input: EngineInput, _ moment: Moment, _ effects: inout [EngineEffect]) {
        switch input {
        case .began(let queues):
            hasBegun = true
            due(queues, moment)
        case .woken(let queues): for (queue, host) in queues { scheduler.due(queue, host: host, at: moment.steady) }
        case .accepted(let events): for event in events { accepted(event, moment, &effects) }
        case .ticked: tick(moment, &effects)
        case .written(let work, let progress): written(work, progress, moment, &effects)
        case .writeFailed(let work): writeFailed(work, moment)
        case .answered(let delivery, let answer, let jitter): answered(delivery, answer, jitter, moment)
        case .brokenOff(let delivery): brokenOff(delivery, &effects)
        case .released: break
        case .swept(let sweep): swept(sweep, moment)
        case .nodesChanged: sweepAt = min(sweepAt, moment.steady)
        case .wallClockFollowed: isFollowingWallClock = false
        case .closing: isClosed = true
        case .shutDown:
            (isClosed, isEnding) = (true, true)
        case .cancelled:
            (isClosed, isEnding, isCancelled) = (true, true, true)
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

    private mutating func writeMore(_ moment: Moment, _ effects: inout [EngineEffect]) {
        guard !isWriting else { return }
        let work = nextWork(moment)
        guard work.count > 0 else { return }
        isWriting = true
        effects.append(.write(work))
    }

    private mutating func nextWork(_ moment: Moment) -> EngineWork {
        while let piece = alone.popFirst() {
            if piece.turns.isEmpty || mayClaim(moment) { return piece }
            giveBack(piece.turns, moment)
        }
        var work = EngineWork(results: Array(results.prefix(limits.resultsAtOnce)))
        results.removeFirst(work.results.count)
        if mayClaim(moment) { work.turns = scheduler.next(at: moment.steady, count: limits.turnsAtOnce) }
        return work
    }

    private func mayClaim(_ moment: Moment) -> Bool {
        hasBegun && !isClosed && unwritten < limits.total && moment.steady - aliveAt <= limits.trust
    }

    private mutating func tick(_ moment: Moment, _ effects: inout [EngineEffect]) {
        if unwritten > 0 { writeAgain(moment) }
        guard hasBegun, moment.steady >= sweepAt, sweepingSince == nil else { return }
        sweepAt = moment.steady + limits.sweep
        sweepingSince = moment.steady
        effects.append(.sweep)
    }

    private mutating func swept(_ sweep: Sweep?, _ moment: Moment) {
        let began = sweepingSince
        sweepingSince = nil
        guard let sweep else {
            sweepAt = min(sweepAt, moment.steady + Self.sweepPause)
            return
        }
        aliveAt = began ?? aliveAt
        scheduler.share(among: sweep.nodes)
        due(sweep.queues, moment)
    }

    /// Without its result, an attempt would be made again: so writing is retried for as long as it takes.
    private mutating func writeAgain(_ moment: Moment) {
        for lease in underWay.keys.sorted() {
            guard let state = underWay[lease], let at = state.writeAt, at <= moment.steady, let result = state.result
            else { continue }
            underWay[lease]?.writeAt = nil
            alone.append(EngineWork(results: [result]))
        }
    }

    private mutating func written(
        _ work: EngineWork, _ progress: Progress, _ moment: Moment, _ effects: inout [EngineEffect]
    ) {
        isWriting = false
        for (result, recorded) in zip(work.results, progress.recorded) {
            if underWay.removeValue(forKey: Lease(result.delivery)) != nil { unwritten -= 1 }
            due(recorded.due, moment)
        }
        for (turn, claim) in zip(work.turns, progress.claims) {
            scheduler.claimed(
                turn, count: claim.deliveries.count, host: claim.host,
                nextDueAt: claim.nextDueAt.map { moment.steady(at: $0) })
            due(claim.told, moment)
            for delivery in claim.deliveries { send(delivery, &effects) }
        }
    }

    private mutating func send(_ delivery: ClaimedDelivery, _ effects: inout [EngineEffect]) {
        underWay[Lease(delivery)] = UnderWay(delivery: delivery)
        effects.append(.send(delivery))
    }

    /// What cannot be written (settings that cannot be decrypted, say) must not hold up the others, so each part is
    /// written by itself next, and one that fails again has to pause.
    private mutating func writeFailed(_ work: EngineWork, _ moment: Moment) {
        isWriting = false
        if work.count > 1 { return alone.append(contentsOf: work.pieces) }
        for result in work.results { underWay[Lease(result.delivery)]?.writeAt = moment.steady + Self.writePause }
        giveBack(work.turns, moment)
    }

    private mutating func giveBack(_ turns: [FairScheduler.Turn], _ moment: Moment) {
        for turn in turns {
            scheduler.claimed(turn, count: 0, host: nil, nextDueAt: moment.steady + Self.claimPause)
        }
    }

    /// Frees the room for the next delivery before the result is written.
    private mutating func answered(
        _ delivery: ClaimedDelivery, _ answer: AttemptAnswer, _ jitter: Double, _ moment: Moment
    ) {
        // A receiver with a published rate gets no more at once than it always did.
        let load = delivery.channel.rate == nil ? answer.load : nil
        scheduler.finished(delivery.queue, host: delivery.host, isAnswered: answer.isAnswered, load: load)
        let result = DeliveryResult(of: delivery, answer, jitter: jitter, uptime: moment.steady - startedAt)
        if underWay[Lease(delivery)]?.result == nil { unwritten += 1 }
        underWay[Lease(delivery)]?.result = result
        results.append(result)
    }

    /// Makes the delivery due again, for the next process.
    private mutating func brokenOff(_ delivery: ClaimedDelivery, _ effects: inout [EngineEffect]) {
        scheduler.finished(delivery.queue, host: delivery.host)
        underWay[Lease(delivery)] = nil
        effects.append(.release(delivery))
    }
}

// MARK: Events that are being accepted

extension EngineState {
    /// Sets room aside for an event that is about to be accepted, at the channels of the organization's last event; nil
    /// if there is none. Its end must be reported by `EngineInput.accepted`, whatever becomes of the event.
    mutating func reserve(for organization: OrganizationID, at moment: Moment) -> Reservation? {
        guard mayClaim(moment) else { return nil }
        let turns = scheduler.reserve(audiences[organization], at: moment.steady)
        guard !turns.isEmpty else { return nil }
        reservations += 1
        return Reservation(turns: turns)
    }

    private mutating func accepted(_ event: AcceptedEvent, _ moment: Moment, _ effects: inout [EngineEffect]) {
        if let reservation = event.reservation {
            reservations -= 1
            for turn in reservation.turns {
                let delivery = event.claimed.first { $0.queue == turn.queue }
                scheduler.accepted(turn, isUsed: delivery != nil, host: delivery?.host)
            }
        }
        for delivery in event.claimed { send(delivery, &effects) }
        for due in event.dueQueues { scheduler.due(due.queue, host: due.host, at: moment.steady) }
        if let acceptance = event.acceptance, !acceptance.isReplay {
            audiences.note(event.audience, of: acceptance.organizationID)
        }
    }
}
