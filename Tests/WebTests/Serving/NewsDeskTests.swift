import Notifications
import Synchronization
import TestSupport
import Testing

@testable import WebServing

/// Requests that wait for news.
@Suite struct NewsDeskTests {
    private let organization = OrganizationID(1)

    /// A number that a test raises, and how often it was read.
    private final class Count: Sendable {
        private let state = Mutex((number: Int64(7), reads: 0))

        var reads: Int { state.withLock { $0.reads } }
        func raise() { state.withLock { $0.number += 1 } }

        func read() -> Int64 {
            state.withLock { state in
                state.reads += 1
                return state.number
            }
        }
    }

    private func wait(
        _ desk: NewsDesk, _ count: Count, beyond number: Int64, for time: Duration
    ) async throws -> Duration {
        try await ContinuousClock().measure {
            try await desk.wait(beyond: number, of: organization, atMost: time) { count.read() }
        }
    }

    @Test func whatIsThereAlreadyIsToldAtOnce() async throws {
        #expect(try await wait(NewsDesk(), Count(), beyond: 6, for: .seconds(60)) < .seconds(10))
    }

    @Test func theTimeEnds() async throws {
        let count = Count()
        #expect(try await wait(NewsDesk(), count, beyond: 7, for: .milliseconds(600)) >= .milliseconds(600))
        #expect((1...4).contains(count.reads))
    }

    @Test func allWhoWaitAreToldByOneWhoReads() async throws {
        let (desk, count) = (NewsDesk(), Count())
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask { _ = try await wait(desk, count, beyond: 7, for: .seconds(60)) }
            }
            try await TestSupport.wait { count.reads >= 3 }
            count.raise()
            try await group.waitForAll()
        }
        let reads = count.reads
        let most = (ContinuousClock.now - start) / NewestNumbers.interval + 1
        #expect(Double(reads) <= most, "Sixteen who wait cause as many reads as one does.")
    }

    @Test func oneOrganizationHasSixteenSeats() async throws {
        let (desk, count) = (NewsDesk(), Count())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask { _ = try await wait(desk, count, beyond: 7, for: .seconds(60)) }
            }
            try await TestSupport.wait { desk.waiting(in: organization) == 16 }
            await #expect(throws: Problem.self) { _ = try await wait(desk, count, beyond: 7, for: .seconds(60)) }
            try await desk.wait(beyond: 6, of: OrganizationID(2), atMost: .seconds(60)) { 7 }
            group.cancelAll()
            while let result = await group.nextResult() {
                #expect(throws: CancellationError.self) { try result.get() }
            }
        }
        // Their seats are free again.
        #expect(try await wait(desk, count, beyond: 6, for: .seconds(60)) < .seconds(10))
    }

    @Test func theNumberIsReadFourTimesASecondWhateverTheDemand() {
        var numbers = NewestNumbers()
        let start = ContinuousClock.now
        for _ in 0..<3 { numbers.join(organization) }
        let turns = (0..<1000).count { numbers.takeTurn(organization, at: start + .milliseconds($0)) }
        #expect(turns == 4)
        numbers.note(5, of: organization)
        numbers.note(4, of: organization)
        #expect(numbers.number(of: organization) == 5)
        for _ in 0..<3 { numbers.leave(organization) }
        #expect(numbers.number(of: organization) == nil)
    }
}
