import Notifications
import Synchronization
import Testing

@testable import WebServing

@Suite struct WriterSchedulerTests {
    /// How many rows are in flight, and the maximum so far.
    private final class Rows: Sendable {
        private let counts = Mutex((now: 0, most: 0))

        var most: Int { counts.withLock { $0.most } }

        func change(by rows: Int) {
            counts.withLock { counts in
                counts.now += rows
                counts.most = max(counts.most, counts.now)
            }
        }
    }

    /// The maximum number of rows in flight at once, for the given number of writes of `rows` rows each.
    private func most(_ writes: Int, rows: Int, of organizations: Int = 1) async -> Int {
        let scheduler = WriterScheduler(rowsAtOnce: 1000)
        let underWay = Rows()
        await withDiscardingTaskGroup { group in
            for number in 0..<writes {
                group.addTask {
                    await scheduler.take(rows: rows, of: OrganizationID(Int64(number % organizations))) {
                        underWay.change(by: rows)
                        try? await Task.sleep(for: .milliseconds(2))
                        underWay.change(by: -rows)
                    }
                }
            }
        }
        return underWay.most
    }

    @Test func theRowsOfOneOrganizationAreBounded() async {
        #expect(await most(40, rows: 300) == 900)
        #expect(await most(20, rows: 1001) == 1001, "one at a time, however many rows it has")
        #expect(await most(400, rows: 2) > 300, "small ones go together")
    }

    @Test func organizationsDoNotWaitForEachOther() async {
        #expect(await most(20, rows: 1001, of: 10) > 1001)
    }

    @Test func whoFailsLeavesToo() async {
        struct Failed: Error {}
        let scheduler = WriterScheduler(rowsAtOnce: 1000)
        for _ in 0..<3 {
            await #expect(throws: Failed.self) {
                try await scheduler.take(rows: 1001, of: OrganizationID(1)) { () async throws(Failed) in throw Failed()
                }
            }
        }
    }
}
