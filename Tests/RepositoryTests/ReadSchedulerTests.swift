import Notifications
import Testing

@testable import Repository

@Suite struct ReadSchedulerTests {
    private func long(_ organization: Int64) -> DatabaseRead { .long(of: OrganizationID(organization)) }

    @Test func anOrganizationHasTwoLongReadsAndAllTogetherLeaveSomeReaders() throws {
        var scheduler = ReadScheduler(ReadLimits())
        let first = try (0..<5).map { _ in try scheduler.line(up: long(1)) }
        var begun = scheduler.begin()
        #expect(begun == Array(first.prefix(2)))
        let second = try (0..<3).map { _ in try scheduler.line(up: long(2)) }
        begun = scheduler.begin()
        #expect(begun == Array(second.prefix(2)))
        let third = try scheduler.line(up: long(3))
        begun = scheduler.begin()
        #expect(begun == [])
        let short = try (0..<3).map { _ in try scheduler.line(up: .short) }
        begun = scheduler.begin()
        #expect(begun == Array(short.prefix(2)))
        scheduler.leave(short[0])
        begun = scheduler.begin()
        #expect(begun == [short[2]])
        // An organization that reads nothing comes before one that does.
        scheduler.leave(first[0])
        begun = scheduler.begin()
        #expect(begun == [third])
        scheduler.leave(second[0])
        begun = scheduler.begin()
        #expect(begun == [first[2]])
    }

    @Test func whoWaitsNoLongerIsPassedOver() throws {
        var scheduler = ReadScheduler(ReadLimits())
        let reads = try (0..<4).map { _ in try scheduler.line(up: long(1)) }
        _ = scheduler.begin()
        scheduler.leave(reads[2])
        #expect(!scheduler.isKnown(reads[2]) && scheduler.isKnown(reads[3]))
        scheduler.leave(reads[0])
        let begun = scheduler.begin()
        #expect(begun == [reads[3]])
    }

    @Test func aLineHasAnEnd() {
        var scheduler = ReadScheduler(ReadLimits())
        let taken = (0..<100).compactMap { _ in scheduler.arrive(long(1)) }
        #expect(taken.count == 64)
        let (other, short) = (scheduler.arrive(long(2)), scheduler.arrive(.short))
        #expect(other != nil && short != nil)
    }

    @Test func theDoorClosesBehindTheLongOnes() throws {
        var scheduler = ReadScheduler(ReadLimits())
        let (first, short) = (try scheduler.line(up: long(1)), try scheduler.line(up: .short))
        _ = scheduler.begin()
        scheduler.close()
        let (next, quick) = (try scheduler.line(up: long(2)), try scheduler.line(up: .short))
        var begun = scheduler.begin()
        #expect(begun == [quick])
        scheduler.leave(first)
        let late = try scheduler.line(up: .short)
        begun = scheduler.begin()
        #expect(begun == [] && !scheduler.isQuiet)
        scheduler.leave(short)
        scheduler.leave(quick)
        #expect(scheduler.isQuiet)
        scheduler.open()
        #expect(Set(scheduler.begin()) == [next, late] && !scheduler.isQuiet)
    }
}

extension ReadScheduler {
    fileprivate mutating func line(up read: DatabaseRead) throws -> Ticket {
        let ticket = arrive(read)
        return try #require(ticket)
    }
}
