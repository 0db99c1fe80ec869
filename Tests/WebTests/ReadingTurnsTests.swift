import Notifications
import Testing

@testable import Web

/// Whose reads are worked on, at times that the test says.
@Suite struct ReadingTurnsTests {
    private typealias Turns = ReadingTurns<String>

    private let start = ContinuousClock.now
    private let one = OrganizationID(1)
    private let two = OrganizationID(2)

    private func begun(_ turns: inout Turns, after milliseconds: Int = 0) -> [String] {
        turns.steps(at: start + .milliseconds(milliseconds)).begun.map(\.piece)
    }

    private func rests(_ turns: inout Turns) -> [Duration] {
        turns.steps(at: start).resting.map(\.time)
    }

    private func turns(atOnce: Int, _ pieces: [(String, OrganizationID?)]) -> Turns {
        var turns = Turns(atOnce: atOnce)
        for (piece, reader) in pieces { turns.add(piece, of: reader, at: start) }
        return turns
    }

    @Test func organizationsTakeTurnsWithOnePieceEach() {
        var turns = turns(atOnce: 2, [("a1", one), ("a2", one), ("a3", one), ("b1", two), ("c1", nil)])
        #expect(begun(&turns) == ["a1", "b1"])
        #expect(begun(&turns) == [], "there is no room")
        turns.end(of: two, after: .zero, at: start)
        #expect(begun(&turns) == ["c1"])
        turns.end(of: nil, after: .zero, at: start)
        #expect(begun(&turns) == [], "the first has one under way")
        turns.end(of: one, after: .zero, at: start)
        #expect(begun(&turns) == ["a2"])
    }

    @Test func whoHasWorkedForLongRestsThreeTimesAsLong() {
        var turns = turns(atOnce: 1, [("a1", one), ("a2", one), ("b1", two)])
        #expect(begun(&turns) == ["a1"])
        turns.end(of: one, after: .milliseconds(350), at: start)
        #expect(begun(&turns) == ["b1"])
        turns.end(of: two, after: .zero, at: start)
        #expect(
            rests(&turns) == [.milliseconds(400)], "100 ms more than the first 250 are worked off in four times as long"
        )
        #expect(begun(&turns, after: 500) == [], "it is woken")
        turns.wake(one)
        #expect(begun(&turns, after: 400) == ["a2"])
    }

    @Test func whatTheDatabaseWorksCountsToo() {
        var turns = turns(atOnce: 1, [("a1", one)])
        #expect(begun(&turns) == ["a1"])
        turns.note(.milliseconds(400), of: one, at: start)
        turns.end(of: one, after: .zero, at: start)
        turns.add("a2", of: one, at: start)
        #expect(rests(&turns) == [.milliseconds(600)])
    }

    @Test func nobodyRestsForLong() {
        var turns = turns(atOnce: 1, [("a1", one)])
        #expect(begun(&turns) == ["a1"])
        turns.end(of: one, after: .seconds(60), at: start)
        turns.add("a2", of: one, at: start)
        #expect(rests(&turns) == [.seconds(3)])
    }

    @Test func whoRestsIsWokenOnce() {
        var turns = turns(atOnce: 1, [("a1", one), ("a2", one)])
        #expect(begun(&turns) == ["a1"])
        turns.end(of: one, after: .seconds(1), at: start)
        #expect(rests(&turns).count == 1)
        turns.add("a3", of: one, at: start)
        #expect(rests(&turns).isEmpty, "it rests already")
    }

    @Test func whoReadsNoMoreIsForgotten() {
        var turns = Turns(atOnce: 1)
        for number in 0..<10_000 {
            turns.add("", of: OrganizationID(Int64(number)), at: start)
            _ = turns.steps(at: start)
            turns.end(of: OrganizationID(Int64(number)), after: .zero, at: start)
        }
        #expect(turns.size <= 1_000)
    }
}
