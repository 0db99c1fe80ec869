import Notifications
import Synchronization

/// Events that wait to be accepted. Those of an organization that wait at the same time are accepted by one body: what they
/// have in common is looked up once, and all of them wait for the database together.
///
/// The first one that comes writes, and takes along whatever has come by the time its body runs.
final class EventIntake: Sendable {
    /// Where events wait. Those of a line may be accepted by one body.
    struct Line: Hashable {
        let organization: OrganizationID
        let scope: DataScope
    }

    private struct Queue {
        var waiting: [WaitingEvent] = []
        /// Whether one of them has been told to write, and its body has not run.
        var hasWriter = false
    }

    private let lines = Mutex<[Line: Queue]>([:])

    /// How many wait whom no body has taken yet.
    var waiting: Int { lines.withLock { $0.values.reduce(0) { $0 + $1.waiting.count } } }

    /// Tells the event to write if nobody else in the line is about to.
    func add(_ event: WaitingEvent, to line: Line) {
        let mustWrite = lines.withLock { lines in
            var queue = lines[line, default: Queue()]
            queue.waiting.append(event)
            defer {
                queue.hasWriter = true
                lines[line] = queue
            }
            return !queue.hasWriter
        }
        if mustWrite { event.give(.write) }
    }

    /// All that wait. Who comes later needs another writer.
    func take(_ line: Line) -> [WaitingEvent] {
        lines.withLock { $0.removeValue(forKey: line)?.waiting ?? [] }
    }

    /// Those that were taken and not accepted yet go first again, and the first one writes.
    func putBack(_ events: some Collection<WaitingEvent>, to line: Line) {
        guard !events.isEmpty else { return }
        let writer = lines.withLock { lines in
            var queue = lines[line, default: Queue()]
            queue.waiting.insert(contentsOf: events, at: 0)
            let writer = queue.hasWriter ? nil : queue.waiting.first
            queue.hasWriter = true
            lines[line] = queue
            return writer
        }
        writer?.give(.write)
    }
}

/// An event that waits, and its caller.
final class WaitingEvent: Sendable {
    enum Turn {
        /// To write what waits in the line.
        case write
        case done(Result<Acceptance, RepositoryError>)
    }

    private struct State {
        var turn: Turn?
        var caller: CheckedContinuation<Turn, Never>?
    }

    let posting: Posting
    let principal: Principal
    private let state = Mutex(State())

    init(_ posting: Posting, by principal: Principal) {
        self.posting = posting
        self.principal = principal
    }

    func give(_ turn: Turn) {
        let caller = state.withLock { state in
            guard let caller = state.caller.take() else {
                state.turn = turn
                return nil as CheckedContinuation<Turn, Never>?
            }
            return caller
        }
        caller?.resume(returning: turn)
    }

    /// Waits for the next turn.
    func turn() async -> Turn {
        if let turn = state.withLock({ $0.turn.take() }) { return turn }
        return await withCheckedContinuation { caller in
            let turn = state.withLock { state in
                if state.turn == nil { state.caller = caller }
                return state.turn.take()
            }
            if let turn { caller.resume(returning: turn) }
        }
    }
}
