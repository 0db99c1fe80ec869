import DequeModule
import Notifications
import Repository

/// What each input changes.
extension EngineState {
    /// So much the wall clock may be off before the database follows it: less does no harm, and reading two clocks one
    /// after the other takes time too.
    static let clockTolerance = Duration.seconds(2)
    /// How long queues rest that could not be claimed.
    static let rest = Duration.seconds(2)
    /// How long a result waits that could not be written.
    static let patience = Duration.seconds(1)

    mutating func due(_ queues: [DueQueue], _ moment: Moment) {
        for due in queues {
            scheduler.due(due.queue, host: due.host, at: moment.steady(at: due.dueAt))
        }
    }

    mutating func watchTheClock(_ moment: Moment, _ effects: inout [EngineEffect]) {
        let isOff = moment.drift > Self.clockTolerance || moment.drift < .zero - Self.clockTolerance
        guard isOff, hasBegun, !isFollowingWallClock else { return }
        isFollowingWallClock = true
        effects.append(.followWallClock(by: moment.drift))
    }

    mutating func claimMore(_ moment: Moment, _ effects: inout [EngineEffect]) {
        guard hasBegun, !isClosed, !isClaiming, unwritten < limits.total else { return }
        let next = alone.popFirst().map { [$0] } ?? scheduler.next(at: moment.steady, count: limits.turnsAtOnce)
        guard !next.isEmpty else { return }
        isClaiming = true
        effects.append(.claim(next))
    }

    mutating func tick(_ moment: Moment, _ effects: inout [EngineEffect]) {
        if unwritten > 0 { writeAgain(moment, &effects) }
        guard hasBegun, moment.steady >= sweepAt, !isSweeping else { return }
        sweepAt = moment.steady + limits.sweep
        isSweeping = true
        effects.append(.sweep(renewing: leasesToRenew(moment)))
    }

    /// The receiver has answered and would have to answer again: a result is tried to be written for as long as it takes.
    private mutating func writeAgain(_ moment: Moment, _ effects: inout [EngineEffect]) {
        for lease in underWay.keys.sorted() {
            guard let state = underWay[lease], let at = state.writeAt, at <= moment.steady, let result = state.result
            else { continue }
            underWay[lease]?.writeAt = nil
            effects.append(.record(result))
        }
    }

    /// Those that have been under way for a third of their lease, so that one renewal may fail.
    private mutating func leasesToRenew(_ moment: Moment) -> [ClaimedDelivery] {
        var due: [ClaimedDelivery] = []
        for (lease, state) in underWay where state.renewAt <= moment.steady {
            underWay[lease]?.renewAt = moment.steady + limits.lease / 3
            due.append(state.delivery)
        }
        return due
    }

    mutating func claimed(
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

    /// One queue that cannot be read (its settings do not open, say) must not hold up the others: each is claimed alone,
    /// and the one that fails again rests.
    mutating func claimFailed(_ failed: [FairScheduler.Turn], _ moment: Moment) {
        isClaiming = false
        if failed.count > 1 {
            alone.append(contentsOf: failed)
        } else if let turn = failed.first {
            scheduler.claimed(turn, count: 0, host: nil, nextDueAt: moment.steady + Self.rest)
        }
    }

    /// There is room for the next, while the result is still being written.
    mutating func answered(
        _ delivery: ClaimedDelivery, _ answer: AttemptAnswer, _ jitter: Double, _ moment: Moment,
        _ effects: inout [EngineEffect]
    ) {
        scheduler.finished(delivery.queue, host: delivery.host, isAnswered: answer.isAnswered)
        let result = DeliveryResult(of: delivery, answer, jitter: jitter, uptime: moment.steady - startedAt)
        if underWay[Lease(delivery)]?.result == nil { unwritten += 1 }
        underWay[Lease(delivery)]?.result = result
        effects.append(.record(result))
    }

    /// The delivery is due again, for whoever runs next.
    mutating func brokenOff(_ delivery: ClaimedDelivery, _ effects: inout [EngineEffect]) {
        scheduler.finished(delivery.queue, host: delivery.host)
        underWay[Lease(delivery)] = nil
        effects.append(.release(delivery))
    }

    mutating func recorded(_ delivery: ClaimedDelivery, _ recorded: Recorded?, _ moment: Moment) {
        guard let recorded else {
            underWay[Lease(delivery)]?.writeAt = moment.steady + Self.patience
            return
        }
        if underWay.removeValue(forKey: Lease(delivery)) != nil { unwritten -= 1 }
        due(recorded.due, moment)
    }
}
