import Notifications
import Synchronization
import Testing

@testable import WebServing

@Suite struct ReadingPoolTests {
    private final class Worked: Sendable {
        private let sum = Mutex(Duration.zero)

        var time: Duration { sum.withLock { $0 } }

        func add(_ time: Duration) {
            sum.withLock { $0 += time }
        }
    }

    /// Works for the given time and returns when it did.
    private func work(_ time: Duration) -> ClosedRange<ContinuousClock.Instant> {
        let begin = ContinuousClock.now
        while ContinuousClock.now < begin + time {}
        return begin...ContinuousClock.now
    }

    private func overlaps(_ spans: [ClosedRange<ContinuousClock.Instant>]) -> Bool {
        let sorted = spans.sorted { $0.lowerBound < $1.lowerBound }
        return zip(sorted, sorted.dropFirst()).contains { $0.upperBound > $1.lowerBound }
    }

    @Test func piecesOfOneOrganizationDoNotOverlap() async throws {
        let pool = ReadingPool(atOnce: 4)
        let spans = try await withThrowingTaskGroup(of: ClosedRange<ContinuousClock.Instant>.self) { group in
            for _ in 0..<20 {
                group.addTask { try await pool.serve(OrganizationID(1)) { work(.milliseconds(2)) } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(spans.count == 20)
        #expect(!overlaps(spans))
    }

    @Test func oneThatReadsWithoutAnEndLeavesTimeToOthers() async throws {
        let pool = ReadingPool(atOnce: 1)
        let begin = ContinuousClock.now
        let worked = Worked()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    while ContinuousClock.now < begin + .seconds(2) {
                        try await pool.serve(OrganizationID(1)) {
                            let span = work(.milliseconds(20))
                            worked.add(span.upperBound - span.lowerBound)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        // A quarter of a second at first, then a quarter of the time; the rest is tolerance for a busy machine.
        let most = Duration.milliseconds(1_100)
        #expect(worked.time < most)
    }

    @Test func whatFailsLeavesTheQueue() async throws {
        struct Failed: Error {}
        let pool = ReadingPool(atOnce: 1)
        for _ in 0..<3 {
            await #expect(throws: Failed.self) { try await pool.serve(nil) { throw Failed() } }
        }
        #expect(try await pool.serve(nil) { 1 } == 1)
    }
}
