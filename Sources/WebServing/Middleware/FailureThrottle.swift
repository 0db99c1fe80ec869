import Repository
import Synchronization

/// Limits the guessing of keys: after 20 failures a minute from one address, a pause of one minute, which doubles up to
/// 15 minutes with each further round. Only failures are counted and delayed, so nobody can lock out the owner of a
/// valid key. Where several nodes take requests, each allows its part.
final class FailureThrottle: Sendable {
    private struct Record {
        var failures = 0
        var minuteEnds: ContinuousClock.Instant
        var pauseEnds: ContinuousClock.Instant?
        var rounds = 0

        /// When the address can be forgotten.
        var forgottenAt: ContinuousClock.Instant {
            (pauseEnds ?? minuteEnds).advanced(by: FailureThrottle.longestPause)
        }
    }

    private static let failuresPerMinute = 20
    private static let longestPause = Duration.seconds(900)
    private static let mostAddresses = 10_000

    private let nodes: NodeCount
    private let records = Mutex<[RemoteAddress: Record]>([:])

    /// - Parameter nodes: how many nodes share the failures that are allowed.
    init(nodes: NodeCount = NodeCount()) {
        self.nodes = nodes
    }

    /// Counts a failure. Returns the rest of the address's pause, or nil if it has none.
    func fail(from address: RemoteAddress, at now: ContinuousClock.Instant) -> Duration? {
        records.withLock { records in
            if records.count >= Self.mostAddresses, records[address] == nil { Self.makeRoom(in: &records, at: now) }
            var record = records[address] ?? Record(minuteEnds: now + .seconds(60))
            if now >= record.forgottenAt { record = Record(minuteEnds: now + .seconds(60)) }
            let pause = Self.count(in: &record, atMost: max(1, Self.failuresPerMinute / nodes.value), at: now)
            records[address] = record
            return pause
        }
    }

    private static func count(
        in record: inout Record, atMost most: Int, at now: ContinuousClock.Instant
    ) -> Duration? {
        if let end = record.pauseEnds, now < end { return end - now }
        if now >= record.minuteEnds {
            record.failures = 0
            record.minuteEnds = now + .seconds(60)
        }
        record.failures += 1
        guard record.failures > most else { return nil }
        let pause = min(longestPause, .seconds(60 << min(record.rounds, 4)))
        record.rounds += 1
        record.failures = 0
        record.pauseEnds = now + pause
        return pause
    }

    /// Forgets the addresses that have expired, or all if none has: memory stays bounded whoever calls.
    private static func makeRoom(in records: inout [RemoteAddress: Record], at now: ContinuousClock.Instant) {
        records = records.filter { now < $0.value.forgottenAt }
        if records.count >= mostAddresses { records.removeAll() }
    }
}
