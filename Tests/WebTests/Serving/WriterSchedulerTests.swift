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

    /// When pieces of work began and ended.
    private final class Spans: Sendable {
        private let all = Mutex<[(begin: ContinuousClock.Instant, end: ContinuousClock.Instant)]>([])

        var sorted: [(begin: ContinuousClock.Instant, end: ContinuousClock.Instant)] {
            all.withLock { $0.sorted { $0.begin < $1.begin } }
        }

        func add(_ begin: ContinuousClock.Instant, _ end: ContinuousClock.Instant) {
            all.withLock { $0.append((begin, end)) }
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

    /// The next one begins no sooner, whoever asks for it.
    @Test func aRestIsAsLongAsTheWork() async {
        // On a busy machine, the work takes seconds.
        let scheduler = WriterScheduler(rowsAtOnce: 1, longestRest: .seconds(600))
        let spans = await pieces(4) { work in
            await scheduler.take(rows: 1, of: OrganizationID(1), rests: true, work)
        }
        for (piece, next) in zip(spans, spans.dropFirst()) {
            #expect(next.begin - piece.end >= piece.end - piece.begin)
        }
    }

    /// After a writer that stalled, nobody waits for as long again.
    @Test func aRestHasAnEnd() async {
        #expect(WriterScheduler(rowsAtOnce: 1).longestRest == .seconds(1))
        let scheduler = WriterScheduler(rowsAtOnce: 1, longestRest: .milliseconds(1))
        let spans = await pieces(8) { work in
            await scheduler.take(rows: 1, of: OrganizationID(1), rests: true, work)
        }
        #expect(zip(spans, spans.dropFirst()).contains { $1.begin - $0.end < $0.end - $0.begin })
    }

    @Test func whoAsksForNoRestHasNone() async {
        let scheduler = WriterScheduler(rowsAtOnce: 1)
        let spans = await pieces(8) { work in await scheduler.take(rows: 1, of: OrganizationID(1), work) }
        // Some may wait for a processor.
        #expect(zip(spans, spans.dropFirst()).contains { $1.begin - $0.end < $0.end - $0.begin })
    }

    /// When pieces of work of 20 ms, all asked for at once, began and ended.
    private func pieces(
        _ count: Int, _ take: @escaping @Sendable (@escaping @Sendable () async -> Void) async -> Void
    ) async -> [(begin: ContinuousClock.Instant, end: ContinuousClock.Instant)] {
        let spans = Spans()
        await withDiscardingTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    await take {
                        let begin = ContinuousClock.now
                        try? await Task.sleep(for: .milliseconds(20))
                        spans.add(begin, .now)
                    }
                }
            }
        }
        #expect(spans.sorted.count == count)
        return spans.sorted
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
