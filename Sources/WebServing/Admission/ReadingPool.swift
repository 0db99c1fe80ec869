import Dispatch
import NIOCore
import Notifications
import Repository
import Synchronization

/// Where requests that only read are worked on: on threads of their own, few and with a low priority, apart from those that
/// take events and deliver them. Reading, decoding and rendering a long list is the work of many events.
///
/// SQLite has threads of its own; what they work for a reader counts all the same (`ReadingMeter`).
final class ReadingPool: Sendable {
    typealias Reader = ReadingScheduler<Piece>.Reader

    /// A stretch of a task between two suspensions. The executor has to be there while it runs.
    struct Piece {
        let job: UnownedJob
        let queue: ReadingExecutor

        func run() { job.runSynchronously(on: queue.asUnownedTaskExecutor()) }
    }

    /// Half of the processors, so that the other half is for events.
    private static let usual = max(1, System.coreCount / 2)

    /// The system's scheduler prefers others to threads of this kind (nice 2 on Linux, which needs no privilege).
    private let queue = DispatchQueue(label: "runbell.readings", qos: .utility, attributes: .concurrent)
    private let scheduler: Mutex<ReadingScheduler<Piece>>

    init(atOnce: Int = ReadingPool.usual) {
        scheduler = Mutex(ReadingScheduler(atOnce: atOnce))
    }

    /// Does the work in the reader's turns.
    func serve<Value>(_ reader: Reader, _ work: () async throws -> Value) async throws -> Value {
        let meter = ReadingMeter { [self] time in
            scheduler.withLock { $0.note(time, of: reader, at: .now) }
        }
        return try await ReadingMeter.$current.withValue(meter) {
            try await withTaskExecutorPreference(ReadingExecutor(pool: self, reader: reader)) { try await work() }
        }
    }

    fileprivate func add(_ piece: Piece, of reader: Reader) {
        scheduler.withLock { $0.add(piece, of: reader, at: .now) }
        goOn()
    }

    private func goOn() {
        let steps = scheduler.withLock { $0.steps(at: .now) }
        for (reader, piece) in steps.begun {
            queue.async { self.run(piece, of: reader) }
        }
        for (reader, time) in steps.resting {
            queue.asyncAfter(deadline: .now() + .nanoseconds(Int(time / .nanoseconds(1)))) {
                self.scheduler.withLock { $0.wake(reader) }
                self.goOn()
            }
        }
    }

    private func run(_ piece: Piece, of reader: Reader) {
        let begin = ContinuousClock.now
        piece.run()
        let end = ContinuousClock.now
        scheduler.withLock { $0.end(of: reader, after: end - begin, at: end) }
        goOn()
    }
}

/// A reader's place in the pool, as a task's executor.
final class ReadingExecutor: TaskExecutor {
    private let pool: ReadingPool
    private let reader: ReadingPool.Reader

    init(pool: ReadingPool, reader: ReadingPool.Reader) {
        self.pool = pool
        self.reader = reader
    }

    func enqueue(_ job: consuming ExecutorJob) {
        pool.add(ReadingPool.Piece(job: UnownedJob(job), queue: self), of: reader)
    }
}
