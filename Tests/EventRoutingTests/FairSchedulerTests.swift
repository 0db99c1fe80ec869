import Notifications
import Repository
import Testing

@testable import EventRouting

@Suite struct FairSchedulerTests {
    private let start = Duration.seconds(1000)

    private func queue(_ organization: Int64, _ channel: String) -> ChannelQueue {
        ChannelQueue(
            organizationID: OrganizationID(organization),
            channelID: ChannelID(high: 0, low: channel.utf8.reduce(0) { $0 << 8 | UInt64($1) }))
    }

    private func limits(
        channel: Int = 8, organization: Int = 64, host: Int = 256, total: Int = 1024, reserve: Int = 0
    ) -> DeliveryLimits {
        var limits = DeliveryLimits()
        limits.window = channel...channel
        limits.share = channel
        limits.organization = organization
        limits.host = host
        limits.total = total
        limits.reserve = reserve
        return limits
    }

    @Test func nothingIsTakenBeforeItIsDue() {
        var scheduler = FairScheduler(limits: limits())
        scheduler.due(queue(1, "a"), at: start + .seconds(5))
        #expect(scheduler.next(at: start, count: 9) == [])
        #expect(
            scheduler.next(at: start + .seconds(5), count: 9) == [FairScheduler.Turn(queue: queue(1, "a"), limit: 8)])
        #expect(scheduler.next(at: start + .seconds(5), count: 9) == [])
    }

    @Test func organizationsTakeTurns() {
        var scheduler = FairScheduler(limits: limits())
        for channel in ["a", "b", "c"] { scheduler.due(queue(1, channel), at: start) }
        scheduler.due(queue(2, "d"), at: start)
        scheduler.due(queue(3, "e"), at: start)
        let order = scheduler.next(at: start, count: 9).map(\.queue.organizationID.value)
        #expect(order.prefix(3).sorted() == [1, 2, 3])
        #expect(order.count == 5)
    }

    @Test func aChannelAtItsLimitWaitsAndDelaysNobody() {
        var scheduler = FairScheduler(limits: limits())
        scheduler.due(queue(1, "hangs"), at: start)
        let turn = scheduler.next(at: start, count: 1)[0]
        scheduler.claimed(turn, count: 8, host: "h", nextDueAt: start)
        scheduler.due(queue(1, "quick"), at: start)
        #expect(scheduler.next(at: start, count: 9).map(\.queue) == [queue(1, "quick")])
        scheduler.finished(queue(1, "hangs"), host: "h")
        #expect(
            scheduler.next(at: start, count: 9) == [FairScheduler.Turn(queue: queue(1, "hangs"), limit: 1, host: "h")])
    }

    @Test func limitsPerOrganizationPerHostAndInTotalHold() {
        for limits in [limits(organization: 10), limits(host: 10), limits(total: 10)] {
            var scheduler = FairScheduler(limits: limits)
            var underWay: [ChannelQueue: Int] = [:]
            for number in 0..<6 { scheduler.due(queue(1, "c\(number)"), at: start) }
            for _ in 0..<6 {
                for turn in scheduler.next(at: start, count: 1) {
                    scheduler.claimed(turn, count: turn.limit, host: "same", nextDueAt: start)
                    underWay[turn.queue, default: 0] += turn.limit
                }
            }
            // A queue's host is unknown until its first claim; until then only the other caps apply.
            let bound = limits.host == 10 ? 48 : 10
            #expect(underWay.values.reduce(0, +) <= bound)
            #expect(scheduler.underWay == underWay.values.reduce(0, +))
        }
    }

    @Test func queuesOfAHostAtItsLimitWaitForRoom() {
        var scheduler = FairScheduler(limits: limits(channel: 4, host: 4))
        for channel in ["a", "b"] {
            scheduler.due(queue(1, channel), at: start)
            let turn = scheduler.next(at: start, count: 1)[0]
            scheduler.claimed(turn, count: channel == "a" ? 4 : 0, host: "same", nextDueAt: start)
        }
        #expect(scheduler.next(at: start, count: 9) == [])
        scheduler.finished(queue(1, "a"), host: "same")
        #expect(!scheduler.next(at: start, count: 9).isEmpty)
    }

    @Test func roomReturnsToTheHostItWasTakenFrom() {
        var scheduler = FairScheduler(limits: limits(channel: 8, host: 8))
        scheduler.due(queue(1, "b"), at: start)
        scheduler.claimed(scheduler.next(at: start, count: 1)[0], count: 0, host: "old", nextDueAt: start + .seconds(1))
        scheduler.due(queue(1, "a"), at: start)
        scheduler.claimed(scheduler.next(at: start, count: 1)[0], count: 4, host: "old", nextDueAt: start)
        // The channel's address changes while four deliveries are in flight to the old host.
        scheduler.due(queue(1, "a"), at: start)
        for turn in scheduler.next(at: start, count: 1) {
            scheduler.claimed(turn, count: 1, host: "new", nextDueAt: nil)
        }
        for _ in 0..<4 { scheduler.finished(queue(1, "a"), host: "old") }
        #expect(
            scheduler.next(at: start + .seconds(1), count: 9) == [
                FairScheduler.Turn(queue: queue(1, "b"), limit: 8, host: "old")
            ])
    }

    @Test func roomAtAHostGoesToAQueueThatCanUseIt() {
        var scheduler = FairScheduler(limits: limits(channel: 4, organization: 4, host: 4))
        // Two queues of organization 1 and one of 2 wait for the host; then organization 1 has no room left.
        for (organization, channel) in [(1, "a"), (1, "b"), (2, "c")] as [(Int64, String)] {
            scheduler.due(queue(organization, channel), at: start)
            scheduler.claimed(
                scheduler.next(at: start, count: 1)[0], count: 0, host: "h", nextDueAt: start + .seconds(1))
        }
        scheduler.due(queue(3, "d"), at: start)
        scheduler.claimed(scheduler.next(at: start, count: 1)[0], count: 4, host: "h", nextDueAt: nil)
        #expect(scheduler.next(at: start + .seconds(1), count: 9) == [])
        scheduler.due(queue(1, "e"), at: start)
        scheduler.claimed(scheduler.next(at: start + .seconds(1), count: 1)[0], count: 4, host: "hangs", nextDueAt: nil)
        scheduler.finished(queue(3, "d"), host: "h")
        #expect(
            scheduler.next(at: start + .seconds(1), count: 9) == [
                FairScheduler.Turn(queue: queue(2, "c"), limit: 1, host: "h")
            ])
    }

    private func fill(_ host: String, of scheduler: inout FairScheduler) {
        scheduler.due(queue(2, "full"), host: host, at: start)
        scheduler.claimed(scheduler.next(at: start, count: 1)[0], count: 4, host: host, nextDueAt: nil)
    }

    @Test func roomAtAHostIsNotKeptForAQueueThatHasMoved() {
        var scheduler = FairScheduler(limits: limits(channel: 4, host: 4))
        fill("h", of: &scheduler)
        for channel in ["moves", "waits"] { scheduler.due(queue(1, channel), host: "h", at: start) }
        #expect(scheduler.next(at: start, count: 9) == [])
        scheduler.due(queue(1, "moves"), host: "other", at: start)
        scheduler.finished(queue(2, "full"), host: "h")
        #expect(
            scheduler.next(at: start, count: 9) == [
                FairScheduler.Turn(queue: queue(1, "moves"), limit: 4, host: "other"),
                FairScheduler.Turn(queue: queue(1, "waits"), limit: 1, host: "h"),
            ])
    }

    /// Three of its deliveries are in flight, and its receiver asks for less while it waits for the host.
    @Test func roomAtAHostIsNotKeptForAQueueWhoseWindowHasShrunk() {
        var limits = limits(host: 4)
        limits.window = 1...4
        var scheduler = FairScheduler(limits: limits)
        let shrinks = queue(1, "less")
        for _ in 0..<4 {
            scheduler.due(shrinks, host: "other", at: start)
            let turn = scheduler.next(at: start, count: 1)[0]
            scheduler.claimed(turn, count: turn.limit, host: "other", nextDueAt: start + .seconds(1))
            scheduler.finished(shrinks, host: "other", load: .taken(after: .milliseconds(1)))
        }
        fill("h", of: &scheduler)
        for channel in ["less", "waits"] { scheduler.due(queue(1, channel), host: "h", at: start) }
        #expect(scheduler.next(at: start, count: 9) == [])
        scheduler.finished(shrinks, host: "other", load: .busy)
        scheduler.finished(queue(2, "full"), host: "h")
        #expect(
            scheduler.next(at: start, count: 9) == [FairScheduler.Turn(queue: queue(1, "waits"), limit: 1, host: "h")])
    }

    /// 1,000 hanging receivers of 16 organizations, all due at once; then one more that is known to answer.
    @Test func receiversThatHangLeaveTheReserveToThoseThatAnswer() {
        var scheduler = FairScheduler(limits: limits(reserve: 256))
        answer(&scheduler, queue(99, "well"))
        for number in 0..<1000 { scheduler.due(queue(Int64(number % 16), "hangs\(number)"), at: start) }
        let hanging = claimAll(&scheduler)
        #expect(scheduler.underWay == 768)
        scheduler.due(queue(99, "well"), at: start)
        scheduler.due(queue(98, "new"), at: start)
        #expect(scheduler.next(at: start, count: 9) == [FairScheduler.Turn(queue: queue(99, "well"), limit: 8)])
        // Each round frees one hanging queue's room, for whoever has waited longest: the new queue comes last.
        var rounds = 0
        for turn in hanging {
            if isTaken(queue(98, "new"), by: &scheduler) { break }
            for _ in 0..<turn.limit { scheduler.finished(turn.queue, host: nil, isAnswered: false) }
            rounds += 1
        }
        #expect(1...17 ~= rounds)
    }

    /// Once it is no longer answered, it is treated like the others, until it is answered again.
    @Test func aQueueThatIsNoLongerAnsweredLosesTheReserve() {
        var scheduler = FairScheduler(limits: limits(channel: 2, organization: 2, total: 4, reserve: 2))
        answer(&scheduler, queue(1, "a"))
        scheduler.due(queue(2, "hangs"), at: start)
        claimAll(&scheduler)
        scheduler.due(queue(1, "a"), at: start)
        let turn = scheduler.next(at: start, count: 9)[0]
        scheduler.claimed(turn, count: 1, host: nil, nextDueAt: start)
        scheduler.finished(queue(1, "a"), host: nil, isAnswered: false)
        #expect(scheduler.next(at: start, count: 9) == [])
        scheduler.finished(queue(2, "hangs"), host: nil, isAnswered: true)
        #expect(scheduler.next(at: start, count: 9).contains(FairScheduler.Turn(queue: queue(1, "a"), limit: 2)))
    }

    /// An outcome that says nothing about the receiver changes nothing.
    @Test func aPostponedAttemptDoesNotLoseTheReserve() {
        var scheduler = FairScheduler(limits: limits(channel: 1, organization: 1, total: 2, reserve: 1))
        answer(&scheduler, queue(1, "a"))
        scheduler.due(queue(2, "hangs"), at: start)
        claimAll(&scheduler)
        scheduler.due(queue(1, "a"), at: start)
        scheduler.claimed(scheduler.next(at: start, count: 9)[0], count: 1, host: nil, nextDueAt: start)
        scheduler.finished(queue(1, "a"), host: nil)
        #expect(scheduler.next(at: start, count: 9) == [FairScheduler.Turn(queue: queue(1, "a"), limit: 1)])
    }

    private func answer(_ scheduler: inout FairScheduler, _ queue: ChannelQueue) {
        scheduler.due(queue, at: start)
        scheduler.claimed(scheduler.next(at: start, count: 1)[0], count: 1, host: nil, nextDueAt: nil)
        scheduler.finished(queue, host: nil, isAnswered: true)
    }

    @discardableResult private func claimAll(_ scheduler: inout FairScheduler) -> [FairScheduler.Turn] {
        var all: [FairScheduler.Turn] = []
        while case let more = scheduler.next(at: start, count: 64), !more.isEmpty {
            for turn in more { scheduler.claimed(turn, count: turn.limit, host: nil, nextDueAt: start) }
            all += more
        }
        return all
    }

    private func isTaken(_ queue: ChannelQueue, by scheduler: inout FairScheduler) -> Bool {
        claimAll(&scheduler).contains { $0.queue == queue }
    }

    @Test func memoryOnlyHoldsWhatIsDueOrInFlight() {
        var scheduler = FairScheduler(limits: limits())
        // One delivery waits for its last attempt while many events come and go.
        scheduler.due(queue(1, "a"), at: start + .seconds(32 * 3600))
        for number in 0..<10_000 {
            let now = start + .seconds(number)
            scheduler.due(queue(1, "a"), at: now)
            let turn = scheduler.next(at: now, count: 1)[0]
            scheduler.claimed(turn, count: 1, host: "h\(number)", nextDueAt: start + .seconds(32 * 3600))
            scheduler.finished(queue(1, "a"), host: "h\(number)")
        }
        #expect(scheduler.size < 200)
        scheduler.claimed(
            scheduler.next(at: start + .seconds(33 * 3600), count: 1)[0], count: 0, host: nil, nextDueAt: nil)
        #expect(scheduler.next(at: start + .seconds(34 * 3600), count: 1) == [])
        #expect(scheduler.size == 0)
    }

    /// Random arrivals and completions: no cap is ever exceeded, and at the end nothing waits and nothing is in memory.
    @Test(arguments: 0..<40) func limitsHoldAndNothingIsForgotten(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limits = limits(channel: 3, organization: 5, host: 6, total: 9, reserve: 3)
        var scheduler = FairScheduler(limits: limits)
        var (backlog, underWay): ([ChannelQueue: Int], [ChannelQueue: Int]) = ([:], [:])
        var now = start
        for _ in 0..<400 {
            now = now + .milliseconds(100)
            let queue = queue(
                Int64.random(in: 1...3, using: &generator), "c\(Int.random(in: 0..<3, using: &generator))")
            if Bool.random(using: &generator) {
                backlog[queue, default: 0] += 1
                scheduler.due(queue, at: now)
            } else if underWay[queue, default: 0] > 0 {
                underWay[queue, default: 0] -= 1
                scheduler.finished(
                    queue, host: host(of: queue), isAnswered: Int.random(in: 0..<3, using: &generator) == 0)
            }
            claim(&scheduler, at: now, &backlog, &underWay)
            #expect(underWay.values.allSatisfy { $0 <= limits.window.upperBound })
            #expect(underWay.values.reduce(0, +) <= limits.total)
            for own in Dictionary(grouping: underWay, by: \.key.organizationID).values {
                #expect(own.map(\.value).reduce(0, +) <= limits.organization)
            }
        }
        for _ in 0..<2000 where backlog.values.contains(where: { $0 > 0 }) {
            now = now + .milliseconds(100)
            for (queue, count) in underWay where count > 0 {
                underWay[queue] = count - 1
                scheduler.finished(queue, host: host(of: queue))
            }
            claim(&scheduler, at: now, &backlog, &underWay)
        }
        #expect(backlog.values.allSatisfy { $0 == 0 })
        for (queue, count) in underWay {
            for _ in 0..<count { scheduler.finished(queue, host: host(of: queue)) }
        }
        #expect(scheduler.next(at: now + .seconds(1), count: 9) == [])
        #expect(scheduler.size == 0 && scheduler.underWay == 0)
    }

    private func host(of queue: ChannelQueue) -> String { "h\(queue.organizationID.value % 2)" }

    private func claim(
        _ scheduler: inout FairScheduler, at now: Duration, _ backlog: inout [ChannelQueue: Int],
        _ underWay: inout [ChannelQueue: Int]
    ) {
        for turn in scheduler.next(at: now, count: 4) {
            let count = min(turn.limit, backlog[turn.queue, default: 0])
            backlog[turn.queue, default: 0] -= count
            underWay[turn.queue, default: 0] += count
            let rest = backlog[turn.queue, default: 0]
            scheduler.claimed(
                turn, count: count, host: count > 0 ? host(of: turn.queue) : nil, nextDueAt: rest > 0 ? now : nil)
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
