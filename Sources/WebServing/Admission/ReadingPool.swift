import Dispatch
import NIOCore
import Notifications
import Repository
import Synchronization

/// Runs requests that only read on a few low-priority threads of their own, separate from those that accept and deliver
/// events. Reading, decoding and rendering one long list takes as much work as many events.
///
/// SQLite has threads of its own; the time they spend for a reader counts too (`ReadingMeter`).
final class ReadingPool: Sendable {
    typealias Reader = ReadingScheduler<Piece>.Reader

    /// A part of a task between two suspensions. It keeps the executor alive while it runs.
    struct Piece {
        let job: UnownedJob
        let queue: ReadingExecutor

        func run() { job.runSynchronously(on: queue.asUnownedTaskExecutor()) }
    }

    /// Half of the processors, which leaves the other half for events.
    private static let usual = max(1, System.coreCount / 2)

    /// The kernel's scheduler prefers other threads to these (nice 2 on Linux, which needs no privilege).
    private let queue = DispatchQueue(label: "runbell.readings", qos: .utility, attributes: .concurrent)
    private let scheduler: Mutex<ReadingScheduler<Piece>>

    init(atOnce: Int = ReadingPool.usual) {
        scheduler = Mutex(ReadingScheduler(atOnce: atOnce))
    }

    /// Runs the work in the reader's turns.
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

/// A reader's place in the pool, as a task executor.
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
