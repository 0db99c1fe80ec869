import Notifications
import Synchronization

/// Makes the events of one organization wait for each other, so that others never wait behind more of its rows than one
/// transaction has. An event to a thousand channels is a thousand rows, and a client that posts a hundred at once would
/// fill the writer's queue with them.
final class WriterScheduler: Sendable {
    private struct Queue {
        /// Rows on their way into the database.
        var rows = 0
        /// The writes that wait for them, in order.
        var waiting: [(rows: Int, turn: CheckedContinuation<Void, Never>)] = []

        /// One may always proceed, however many rows it has.
        func hasRoom(for rows: Int, atMost limit: Int) -> Bool { self.rows == 0 || self.rows + rows <= limit }
    }

    private let rowsAtOnce: Int
    let longestRest: Duration
    private let queues = Mutex<[OrganizationID: Queue]>([:])

    init(rowsAtOnce: Int, longestRest: Duration = .seconds(1)) {
        self.rowsAtOnce = rowsAtOnce
        self.longestRest = longestRest
    }

    /// Writes about this many rows when it is the organization's turn.
    ///
    /// - Parameter rests: whether the rows count as long again afterwards, which leaves half of the time to others. What took
    ///   very long has mostly waited, and rests no longer than `longestRest`.
    func take<Value, Failure: Error>(
        rows: Int, of organization: OrganizationID, rests: Bool = false, _ write: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await enter(rows, of: organization)
        let start = ContinuousClock.now
        defer { leave(rows, of: organization, after: rests ? min(.now - start, longestRest) : .zero) }
        return try await write()
    }

    private func enter(_ rows: Int, of organization: OrganizationID) async {
        await withCheckedContinuation { turn in
            let goes = queues.withLock { queues in
                var queue = queues[organization] ?? Queue()
                defer { queues[organization] = queue }
                guard queue.waiting.isEmpty, queue.hasRoom(for: rows, atMost: rowsAtOnce) else {
                    queue.waiting.append((rows, turn))
                    return false
                }
                queue.rows += rows
                return true
            }
            if goes { turn.resume() }
        }
    }

    private func leave(_ rows: Int, of organization: OrganizationID, after rest: Duration) {
        guard rest > .zero else { return leave(rows, of: organization) }
        Task {
            try? await Task.sleep(for: rest)
            leave(rows, of: organization)
        }
    }

    private func leave(_ rows: Int, of organization: OrganizationID) {
        let next = queues.withLock { queues -> [CheckedContinuation<Void, Never>] in
            guard var queue = queues[organization] else { return [] }
            queue.rows -= rows
            var next: [CheckedContinuation<Void, Never>] = []
            while let first = queue.waiting.first, queue.hasRoom(for: first.rows, atMost: rowsAtOnce) {
                queue.rows += first.rows
                next.append(queue.waiting.removeFirst().turn)
            }
            queues[organization] = queue.rows == 0 ? nil : queue
            return next
        }
        for turn in next { turn.resume() }
    }
}
