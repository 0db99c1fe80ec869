import Notifications
import Repository
import Testing

@testable import SQLiteDatabase

@Suite struct ReadTurnsTests {
    private func long(_ organization: Int64) -> DatabaseRead { .long(of: OrganizationID(organization)) }

    @Test func anOrganizationHasTwoLongReadsAndAllTogetherLeaveSomeReaders() throws {
        var turns = ReadTurns(ReadLimits())
        let first = try (0..<5).map { _ in try turns.line(up: long(1)) }
        var begun = turns.begin()
        #expect(begun == Array(first.prefix(2)))
        let second = try (0..<3).map { _ in try turns.line(up: long(2)) }
        begun = turns.begin()
        #expect(begun == Array(second.prefix(2)))
        let third = try turns.line(up: long(3))
        begun = turns.begin()
        #expect(begun == [])
        let short = try (0..<3).map { _ in try turns.line(up: .short) }
        begun = turns.begin()
        #expect(begun == Array(short.prefix(2)))
        turns.leave(short[0])
        begun = turns.begin()
        #expect(begun == [short[2]])
        // Who reads nothing comes before who does.
        turns.leave(first[0])
        begun = turns.begin()
        #expect(begun == [third])
        turns.leave(second[0])
        begun = turns.begin()
        #expect(begun == [first[2]])
    }

    @Test func whoWaitsNoLongerIsPassedOver() throws {
        var turns = ReadTurns(ReadLimits())
        let reads = try (0..<4).map { _ in try turns.line(up: long(1)) }
        _ = turns.begin()
        turns.leave(reads[2])
        #expect(!turns.isKnown(reads[2]) && turns.isKnown(reads[3]))
        turns.leave(reads[0])
        let begun = turns.begin()
        #expect(begun == [reads[3]])
    }

    @Test func aLineHasAnEnd() {
        var turns = ReadTurns(ReadLimits())
        let taken = (0..<100).compactMap { _ in turns.arrive(long(1)) }
        #expect(taken.count == 64)
        let (other, short) = (turns.arrive(long(2)), turns.arrive(.short))
        #expect(other != nil && short != nil)
    }

    @Test func theDoorClosesBehindTheLongOnes() throws {
        var turns = ReadTurns(ReadLimits())
        let (first, short) = (try turns.line(up: long(1)), try turns.line(up: .short))
        _ = turns.begin()
        turns.close()
        let (next, quick) = (try turns.line(up: long(2)), try turns.line(up: .short))
        var begun = turns.begin()
        #expect(begun == [quick])
        turns.leave(first)
        let late = try turns.line(up: .short)
        begun = turns.begin()
        #expect(begun == [] && !turns.isQuiet)
        turns.leave(short)
        turns.leave(quick)
        #expect(turns.isQuiet)
        turns.open()
        #expect(Set(turns.begin()) == [next, late] && !turns.isQuiet)
    }
}

extension ReadTurns {
    fileprivate mutating func line(up read: DatabaseRead) throws -> Ticket {
        let ticket = arrive(read)
        return try #require(ticket)
    }
}
