import Dispatch
import Repository
import Synchronization

/// Where reads wait for their turn, in front of the connections: behind the gate no read waits for another one.
final class ReadGate: Sendable {
    typealias Ticket = ReadScheduler.Ticket
    /// Goes on with nil when the read may begin, otherwise with the reason why it will not.
    private typealias Waiter = CheckedContinuation<RepositoryError?, Never>

    private struct State {
        var scheduler: ReadScheduler
        var waiters: [Ticket: Waiter] = [:]
    }

    private let patience: Duration
    private let state: Mutex<State>

    init(_ limits: ReadLimits) {
        patience = limits.patience
        state = Mutex(State(scheduler: ReadScheduler(limits)))
    }

    /// Returns when the read may begin; `leave` has to follow. Throws `busy` when its organization's reads took too long,
    /// and `abandoned` when the task was cancelled.
    func enter(_ read: DatabaseRead) async throws(RepositoryError) -> Ticket {
        guard let ticket = state.withLock({ $0.scheduler.arrive(read) }) else { throw .busy }
        let refusal = await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0, as: ticket, isPatient: read == .own) }
        } onCancel: {
            drop(ticket, .abandoned)
        }
        if let refusal { throw refusal }
        return ticket
    }

    /// True when it was the last one, and the gate is closed.
    func leave(_ ticket: Ticket) -> Bool {
        let isQuiet = state.withLock { state in
            state.scheduler.leave(ticket)
            return state.scheduler.isQuiet
        }
        letIn()
        return isQuiet
    }

    /// True when nobody reads any more.
    func close() -> Bool {
        state.withLock { state in
            state.scheduler.close()
            return state.scheduler.isQuiet
        }
    }

    var isQuiet: Bool { state.withLock { $0.scheduler.isQuiet } }

    func open() {
        state.withLock { $0.scheduler.open() }
        letIn()
    }

    private func wait(_ waiter: Waiter, as ticket: Ticket, isPatient: Bool) {
        letIn()
        let answer: RepositoryError?? = state.withLock { state in
            if state.scheduler.isRunning(ticket) { return .some(nil) }
            if !state.scheduler.isKnown(ticket) { return .some(.abandoned) }
            state.waiters[ticket] = waiter
            return nil
        }
        if let answer { return waiter.resume(returning: answer) }
        guard !isPatient else { return }
        let (seconds, attoseconds) = patience.components
        let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [weak self] in
            self?.drop(ticket, .busy)
        }
    }

    /// Takes somebody out of the line. One who has begun already finds out elsewhere.
    private func drop(_ ticket: Ticket, _ reason: RepositoryError) {
        let waiter: Waiter? = state.withLock { state in
            guard !state.scheduler.isRunning(ticket) else { return nil }
            state.scheduler.leave(ticket)
            return state.waiters.removeValue(forKey: ticket)
        }
        waiter?.resume(returning: reason)
    }

    private func letIn() {
        let waiters = state.withLock { state in
            state.scheduler.begin().compactMap { state.waiters.removeValue(forKey: $0) }
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }
}
