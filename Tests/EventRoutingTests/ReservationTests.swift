import Notifications
import TestSupport
import Testing

@testable import EventRouting
@testable import Repository

/// Room that is set aside for events while they are being accepted.
@Suite struct ReservationTests {
    private let now = Duration.seconds(1000)
    private let organization = OrganizationID(1)

    private func queue(_ number: UInt64) -> ChannelQueue {
        ChannelQueue(organizationID: organization, channelID: ChannelID(high: 0, low: number))
    }

    /// A scheduler in which each of these queues has been answered once.
    private func scheduler(_ limits: DeliveryLimits, answered: ClosedRange<UInt64> = 1...3) -> FairScheduler {
        var scheduler = FairScheduler(limits: limits)
        for number in answered {
            scheduler.due(queue(number), at: now)
            for turn in scheduler.next(at: now, count: 1) {
                scheduler.claimed(turn, count: 1, host: "h", nextDueAt: nil)
                scheduler.finished(turn.queue, host: "h", isAnswered: true)
            }
        }
        return scheduler
    }

    private func reserve(_ scheduler: inout FairScheduler, _ numbers: ClosedRange<UInt64> = 1...3) -> [UInt64] {
        scheduler.reserve(numbers.map { (queue($0), "h") }, at: now).map(\.queue.channelID.low)
    }

    @Test func onlyQueuesThatWereAnsweredHaveRoomSetAside() {
        var scheduler = scheduler(DeliveryLimits(), answered: 2...2)
        #expect(reserve(&scheduler) == [2])
    }

    @Test(arguments: ["channel", "organization", "host", "total"])
    func noLimitIsExceeded(_ limit: String) {
        var limits = DeliveryLimits()
        limits.reserve = 0
        switch limit {
        case "channel": limits.window = 1...1
        case "organization": limits.organization = 3
        case "host": limits.host = 3
        default: limits.total = 3
        }
        var scheduler = scheduler(limits)
        #expect(reserve(&scheduler) == [1, 2, 3])
        #expect(reserve(&scheduler) == [])
        scheduler.accepted(
            FairScheduler.Turn(queue: queue(2), limit: 1, host: "h"), isUsed: false, host: nil)
        #expect(reserve(&scheduler) == (limit == "channel" ? [2] : [1]))
    }

    @Test func aQueueWithABacklogGetsNothing() {
        var scheduler = scheduler(DeliveryLimits())
        scheduler.due(queue(1), at: now)
        scheduler.due(queue(2), at: now + .seconds(1))
        #expect(reserve(&scheduler) == [2, 3])
    }

    @Test func itIsInUseUntilTheDeliveryIsFinished() {
        var limits = DeliveryLimits()
        limits.window = 1...1
        var scheduler = scheduler(limits)
        let turns = scheduler.reserve([(queue(1), "h")], at: now)
        scheduler.accepted(turns[0], isUsed: true, host: "other")
        #expect(scheduler.underWay == 1 && reserve(&scheduler, 1...1) == [])
        scheduler.finished(queue(1), host: "other", isAnswered: true)
        #expect(scheduler.underWay == 0 && scheduler.size == 0)
        #expect(reserve(&scheduler, 1...1) == [1])
    }

    /// Who waits for a turn gets what becomes free, not who posts the next event.
    @Test func whoWaitsForATurnComesFirst() {
        var limits = DeliveryLimits()
        limits.total = 4
        limits.reserve = 0
        var scheduler = scheduler(limits)
        scheduler.due(queue(9), at: now)
        #expect(scheduler.next(at: now, count: 1).map(\.limit) == [4])
        scheduler.due(
            ChannelQueue(organizationID: OrganizationID(2), channelID: ChannelID(high: 0, low: 8)), at: now)
        #expect(scheduler.next(at: now, count: 1) == [])
        scheduler.claimed(
            FairScheduler.Turn(queue: queue(9), limit: 4, host: nil), count: 4, host: "x", nextDueAt: nil)
        scheduler.finished(queue(9), host: "x", isAnswered: true)
        #expect(reserve(&scheduler) == [])
    }

    @Test func theEngineEndsOnlyWhenNothingIsBeingAccepted() throws {
        let clock = TestClock().serviceClock()
        var state = EngineState(limits: DeliveryLimits(), at: clock.moment)
        _ = state.step([.began([])], at: clock.moment)
        let reservation = try #require(warm(&state, clock))
        func ends(_ input: EngineInput) -> Bool {
            state.step([input], at: clock.moment).contains { if case .finish = $0 { true } else { false } }
        }
        #expect(!ends(.shutDown))
        #expect(state.reserve(for: organization, at: clock.moment) == nil)
        #expect(ends(.accepted([AcceptedEvent(reservation: reservation, acceptance: nil)])))
    }

    @Test func nothingIsSetAsideBeforeTheEngineHasBegun() {
        let clock = TestClock().serviceClock()
        var state = EngineState(limits: DeliveryLimits(), at: clock.moment)
        #expect(warm(&state, clock) == nil)
    }

    /// Delivers one event to a channel, and sets room aside for the next.
    private func warm(_ state: inout EngineState, _ clock: ServiceClock) -> Reservation? {
        let (moment, queue) = (clock.moment, queue(1))
        let acceptance = Acceptance(
            organizationID: organization, eventID: EventID(at: clock.now), due: 1, skipped: 0, isReplay: false,
            dueQueues: [DueQueue(queue: queue, host: "h", dueAt: clock.scheduled)])
        let effects = state.step([.accepted([AcceptedEvent(reservation: nil, acceptance: acceptance)])], at: moment)
        if case .write(let work)? = effects.first {
            let delivery = delivery(at: queue, clock)
            let claim = QueueClaim(queue: queue, host: "h", deliveries: [delivery], nextDueAt: nil)
            _ = state.step([.written(work, Progress(claims: [claim]))], at: moment)
            let answer = AttemptAnswer.unknownKind(at: clock.now)
            if case .write(let results)? = state.step([.answered(delivery, answer, jitter: 0)], at: moment).first {
                _ = state.step(
                    [.written(results, Progress(recorded: [Recorded(isOurs: true, due: [])]))], at: moment)
            }
        }
        return state.reserve(for: organization, at: moment)
    }

    private func delivery(at queue: ChannelQueue, _ clock: ServiceClock) -> ClaimedDelivery {
        let channel = Channel(
            id: queue.channelID, organizationID: organization, kind: "webhook", knownKind: nil, name: "Hook",
            settings: ChannelSettings(), subscription: .everything, state: .enabled, version: 1, createdAt: clock.now,
            updatedAt: clock.now)
        return ClaimedDelivery(
            id: DeliveryID(at: clock.now), queue: queue, content: .testNotificationChannel, channel: channel,
            runLink: nil, host: "h", attempt: 1, attemptOfRound: 1, isProbe: false, fencingToken: 1)
    }
}
