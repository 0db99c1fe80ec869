import Notifications
import Repository
import Testing

@testable import EventRouting

@Suite struct TurnsTests {
    private let start = Duration.seconds(1000)

    private func lane(_ organization: Int64, _ channel: String) -> Lane {
        Lane(
            organizationID: OrganizationID(organization),
            channelID: ChannelID(high: 0, low: channel.utf8.reduce(0) { $0 << 8 | UInt64($1) }))
    }

    private func limits(
        channel: Int = 8, organization: Int = 64, host: Int = 256, total: Int = 1024, reserve: Int = 0
    ) -> DeliveryLimits {
        var limits = DeliveryLimits()
        limits.channel = channel
        limits.organization = organization
        limits.host = host
        limits.total = total
        limits.reserve = reserve
        return limits
    }

    @Test func nothingIsTakenBeforeItIsDue() {
        var turns = Turns(limits: limits())
        turns.due(lane(1, "a"), at: start + .seconds(5))
        #expect(turns.next(at: start, count: 9) == [])
        #expect(turns.next(at: start + .seconds(5), count: 9) == [Turns.Turn(lane: lane(1, "a"), limit: 8)])
        #expect(turns.next(at: start + .seconds(5), count: 9) == [])
    }

    @Test func organizationsTakeTurns() {
        var turns = Turns(limits: limits())
        for channel in ["a", "b", "c"] { turns.due(lane(1, channel), at: start) }
        turns.due(lane(2, "d"), at: start)
        turns.due(lane(3, "e"), at: start)
        let order = turns.next(at: start, count: 9).map(\.lane.organizationID.value)
        #expect(order.prefix(3).sorted() == [1, 2, 3])
        #expect(order.count == 5)
    }

    @Test func aFullChannelWaitsForItsOwnAndNobodyForIt() {
        var turns = Turns(limits: limits())
        turns.due(lane(1, "hangs"), at: start)
        let turn = turns.next(at: start, count: 1)[0]
        turns.claimed(turn, count: 8, host: "h", nextDueAt: start)
        turns.due(lane(1, "quick"), at: start)
        #expect(turns.next(at: start, count: 9).map(\.lane) == [lane(1, "quick")])
        turns.finished(lane(1, "hangs"), host: "h")
        #expect(turns.next(at: start, count: 9) == [Turns.Turn(lane: lane(1, "hangs"), limit: 1, host: "h")])
    }

    @Test func capsOfOrganizationHostAndAllHold() {
        for limits in [limits(organization: 10), limits(host: 10), limits(total: 10)] {
            var turns = Turns(limits: limits)
            var underWay: [Lane: Int] = [:]
            for number in 0..<6 { turns.due(lane(1, "c\(number)"), at: start) }
            for _ in 0..<6 {
                for turn in turns.next(at: start, count: 1) {
                    turns.claimed(turn, count: turn.limit, host: "same", nextDueAt: start)
                    underWay[turn.lane, default: 0] += turn.limit
                }
            }
            // The host of a lane is known from its first claim on: until then only the other caps hold it.
            let bound = limits.host == 10 ? 48 : 10
            #expect(underWay.values.reduce(0, +) <= bound)
            #expect(turns.underWay == underWay.values.reduce(0, +))
        }
    }

    @Test func aHostThatIsFullHoldsItsLanesUntilThereIsRoom() {
        var turns = Turns(limits: limits(channel: 4, host: 4))
        for channel in ["a", "b"] {
            turns.due(lane(1, channel), at: start)
            let turn = turns.next(at: start, count: 1)[0]
            turns.claimed(turn, count: channel == "a" ? 4 : 0, host: "same", nextDueAt: start)
        }
        #expect(turns.next(at: start, count: 9) == [])
        turns.finished(lane(1, "a"), host: "same")
        #expect(!turns.next(at: start, count: 9).isEmpty)
    }

    @Test func roomComesBackToTheHostThatItWasTakenFrom() {
        var turns = Turns(limits: limits(channel: 8, host: 8))
        turns.due(lane(1, "b"), at: start)
        turns.claimed(turns.next(at: start, count: 1)[0], count: 0, host: "old", nextDueAt: start + .seconds(1))
        turns.due(lane(1, "a"), at: start)
        turns.claimed(turns.next(at: start, count: 1)[0], count: 4, host: "old", nextDueAt: start)
        // Somebody gives the channel another address while four are under way to the old one.
        turns.due(lane(1, "a"), at: start)
        for turn in turns.next(at: start, count: 1) {
            turns.claimed(turn, count: 1, host: "new", nextDueAt: nil)
        }
        for _ in 0..<4 { turns.finished(lane(1, "a"), host: "old") }
        #expect(
            turns.next(at: start + .seconds(1), count: 9) == [Turns.Turn(lane: lane(1, "b"), limit: 8, host: "old")])
    }

    @Test func roomAtAHostGoesToSomebodyWhoCanUseIt() {
        var turns = Turns(limits: limits(channel: 4, organization: 4, host: 4))
        // Two lanes of organization 1 and one of 2 wait for the host; then organization 1 has no room of its own.
        for (organization, channel) in [(1, "a"), (1, "b"), (2, "c")] as [(Int64, String)] {
            turns.due(lane(organization, channel), at: start)
            turns.claimed(turns.next(at: start, count: 1)[0], count: 0, host: "h", nextDueAt: start + .seconds(1))
        }
        turns.due(lane(3, "d"), at: start)
        turns.claimed(turns.next(at: start, count: 1)[0], count: 4, host: "h", nextDueAt: nil)
        #expect(turns.next(at: start + .seconds(1), count: 9) == [])
        turns.due(lane(1, "e"), at: start)
        turns.claimed(turns.next(at: start + .seconds(1), count: 1)[0], count: 4, host: "hangs", nextDueAt: nil)
        turns.finished(lane(3, "d"), host: "h")
        #expect(turns.next(at: start + .seconds(1), count: 9) == [Turns.Turn(lane: lane(2, "c"), limit: 1, host: "h")])
    }

    /// 1,000 receivers of 16 organizations that hang, all due at once; then one more that is known to answer.
    @Test func receiversThatHangLeaveAShareToThoseThatAnswer() {
        var turns = Turns(limits: limits(reserve: 256))
        answer(&turns, lane(99, "well"))
        for number in 0..<1000 { turns.due(lane(Int64(number % 16), "hangs\(number)"), at: start) }
        let hanging = claimAll(&turns)
        #expect(turns.underWay == 768)
        turns.due(lane(99, "well"), at: start)
        turns.due(lane(98, "new"), at: start)
        #expect(turns.next(at: start, count: 9) == [Turns.Turn(lane: lane(99, "well"), limit: 8)])
        // Eight that hang have given up: the room goes to who waits longest, and after all the others to the new one.
        var rounds = 0
        for turn in hanging {
            if isTaken(lane(98, "new"), by: &turns) { break }
            for _ in 0..<turn.limit { turns.finished(turn.lane, host: nil, isAnswered: false) }
            rounds += 1
        }
        #expect(1...17 ~= rounds)
    }

    /// Once it is not answered any more, it is like the others; and back again.
    @Test func whoIsNotAnsweredAnyMoreLosesTheShare() {
        var turns = Turns(limits: limits(channel: 2, organization: 2, total: 4, reserve: 2))
        answer(&turns, lane(1, "a"))
        turns.due(lane(2, "hangs"), at: start)
        claimAll(&turns)
        turns.due(lane(1, "a"), at: start)
        let turn = turns.next(at: start, count: 9)[0]
        turns.claimed(turn, count: 1, host: nil, nextDueAt: start)
        turns.finished(lane(1, "a"), host: nil, isAnswered: false)
        #expect(turns.next(at: start, count: 9) == [])
        turns.finished(lane(2, "hangs"), host: nil, isAnswered: true)
        #expect(turns.next(at: start, count: 9).contains(Turns.Turn(lane: lane(1, "a"), limit: 2)))
    }

    /// What says nothing of the receiver changes nothing.
    @Test func anAttemptThatDidNotTakePlaceLeavesTheShare() {
        var turns = Turns(limits: limits(channel: 1, organization: 1, total: 2, reserve: 1))
        answer(&turns, lane(1, "a"))
        turns.due(lane(2, "hangs"), at: start)
        claimAll(&turns)
        turns.due(lane(1, "a"), at: start)
        turns.claimed(turns.next(at: start, count: 9)[0], count: 1, host: nil, nextDueAt: start)
        turns.finished(lane(1, "a"), host: nil)
        #expect(turns.next(at: start, count: 9) == [Turns.Turn(lane: lane(1, "a"), limit: 1)])
    }

    @Test func lanesAreRememberedInBoundedMemory() {
        var recent = RecentLanes()
        for number in 0..<20_000 { recent.insert(lane(1, "c\(number)")) }
        #expect(recent.contains(lane(1, "c19999")) && recent.contains(lane(1, "c11808")))
        #expect(!recent.contains(lane(1, "c0")))
        recent.remove(lane(1, "c19999"))
        #expect(!recent.contains(lane(1, "c19999")))
    }

    private func answer(_ turns: inout Turns, _ lane: Lane) {
        turns.due(lane, at: start)
        turns.claimed(turns.next(at: start, count: 1)[0], count: 1, host: nil, nextDueAt: nil)
        turns.finished(lane, host: nil, isAnswered: true)
    }

    @discardableResult private func claimAll(_ turns: inout Turns) -> [Turns.Turn] {
        var all: [Turns.Turn] = []
        while case let more = turns.next(at: start, count: 64), !more.isEmpty {
            for turn in more { turns.claimed(turn, count: turn.limit, host: nil, nextDueAt: start) }
            all += more
        }
        return all
    }

    private func isTaken(_ lane: Lane, by turns: inout Turns) -> Bool {
        claimAll(&turns).contains { $0.lane == lane }
    }

    @Test func memoryIsThatOfWhatGoesOnNow() {
        var turns = Turns(limits: limits())
        // One delivery waits for its last attempt while many events come and go.
        turns.due(lane(1, "a"), at: start + .seconds(32 * 3600))
        for number in 0..<10_000 {
            let now = start + .seconds(number)
            turns.due(lane(1, "a"), at: now)
            let turn = turns.next(at: now, count: 1)[0]
            turns.claimed(turn, count: 1, host: "h\(number)", nextDueAt: start + .seconds(32 * 3600))
            turns.finished(lane(1, "a"), host: "h\(number)")
        }
        #expect(turns.size < 200)
        turns.claimed(turns.next(at: start + .seconds(33 * 3600), count: 1)[0], count: 0, host: nil, nextDueAt: nil)
        #expect(turns.next(at: start + .seconds(34 * 3600), count: 1) == [])
        #expect(turns.size == 0)
    }

    /// Random comings and goings: no cap is ever broken, and when all has ended, nothing waits and nothing is remembered.
    @Test(arguments: 0..<40) func capsHoldAndNothingIsForgotten(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let limits = limits(channel: 3, organization: 5, host: 6, total: 9, reserve: 3)
        var turns = Turns(limits: limits)
        var backlog: [Lane: Int] = [:]
        var underWay: [Lane: Int] = [:]
        var now = start
        for _ in 0..<400 {
            now = now + .milliseconds(100)
            let lane = lane(Int64.random(in: 1...3, using: &chance), "c\(Int.random(in: 0..<3, using: &chance))")
            if Bool.random(using: &chance) {
                backlog[lane, default: 0] += 1
                turns.due(lane, at: now)
            } else if underWay[lane, default: 0] > 0 {
                underWay[lane, default: 0] -= 1
                turns.finished(lane, host: host(of: lane), isAnswered: Int.random(in: 0..<3, using: &chance) == 0)
            }
            claim(&turns, at: now, &backlog, &underWay)
            #expect(underWay.values.allSatisfy { $0 <= limits.channel })
            #expect(underWay.values.reduce(0, +) <= limits.total)
            for organization in 1...3 {
                let sum = underWay.filter { $0.key.organizationID.value == organization }.values.reduce(0, +)
                #expect(sum <= limits.organization)
            }
        }
        for _ in 0..<2000 where backlog.values.contains(where: { $0 > 0 }) {
            now = now + .milliseconds(100)
            for (lane, count) in underWay where count > 0 {
                underWay[lane] = count - 1
                turns.finished(lane, host: host(of: lane))
            }
            claim(&turns, at: now, &backlog, &underWay)
        }
        #expect(backlog.values.allSatisfy { $0 == 0 })
        for (lane, count) in underWay {
            for _ in 0..<count { turns.finished(lane, host: host(of: lane)) }
        }
        #expect(turns.next(at: now + .seconds(1), count: 9) == [])
        #expect(turns.size == 0 && turns.underWay == 0)
    }

    private func host(of lane: Lane) -> String { "h\(lane.organizationID.value % 2)" }

    private func claim(
        _ turns: inout Turns, at now: Duration, _ backlog: inout [Lane: Int], _ underWay: inout [Lane: Int]
    ) {
        for turn in turns.next(at: now, count: 4) {
            let count = min(turn.limit, backlog[turn.lane, default: 0])
            backlog[turn.lane, default: 0] -= count
            underWay[turn.lane, default: 0] += count
            let rest = backlog[turn.lane, default: 0]
            turns.claimed(
                turn, count: count, host: count > 0 ? host(of: turn.lane) : nil, nextDueAt: rest > 0 ? now : nil)
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
