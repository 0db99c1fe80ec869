import Notifications
import Repository
import Testing

@testable import EventRouting

@Suite struct TurnsTests {
    private let start = Timestamp(seconds: 1_795_000_000)

    private func lane(_ organization: Int64, _ channel: String) -> Lane {
        Lane(organizationID: OrganizationID(organization), channelID: ChannelID(trusted: channel))
    }

    private func limits(channel: Int = 8, organization: Int = 64, host: Int = 256, total: Int = 1024) -> DeliveryLimits
    {
        var limits = DeliveryLimits()
        limits.channel = channel
        limits.organization = organization
        limits.host = host
        limits.total = total
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
        turns.finished(lane(1, "hangs"))
        #expect(turns.next(at: start, count: 9) == [Turns.Turn(lane: lane(1, "hangs"), limit: 1)])
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
        turns.finished(lane(1, "a"))
        #expect(!turns.next(at: start, count: 9).isEmpty)
    }

    /// Random comings and goings: no cap is ever broken, and when all has ended, nothing waits that is due.
    @Test(arguments: 0..<40) func capsHoldAndNothingIsForgotten(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let limits = limits(channel: 3, organization: 5, host: 6, total: 9)
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
                turns.finished(lane)
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
                turns.finished(lane)
            }
            claim(&turns, at: now, &backlog, &underWay)
        }
        #expect(backlog.values.allSatisfy { $0 == 0 })
    }

    private func claim(
        _ turns: inout Turns, at now: Timestamp, _ backlog: inout [Lane: Int], _ underWay: inout [Lane: Int]
    ) {
        for turn in turns.next(at: now, count: 4) {
            let count = min(turn.limit, backlog[turn.lane, default: 0])
            backlog[turn.lane, default: 0] -= count
            underWay[turn.lane, default: 0] += count
            let rest = backlog[turn.lane, default: 0]
            turns.claimed(
                turn, count: count, host: "h\(turn.lane.organizationID.value % 2)", nextDueAt: rest > 0 ? now : nil)
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
