import Dispatch
import Synchronization

/// Where reads wait, in front of the connections. Behind the gate no read waits for another.
package final class ReadGate: Sendable {
    /// Identifies a read from `enter` to `leave`.
    package typealias Ticket = Int
    /// Resumes with nil when the read may begin, otherwise with the reason for refusing it.
    private typealias Waiter = CheckedContinuation<RepositoryError?, Never>

    private struct State {
        var scheduler: ReadScheduler
        var waiters: [Ticket: Waiter] = [:]
    }

    private let patience: Duration
    private let state: Mutex<State>

    /// - Parameter limits: how many reads may run and wait.
    package init(_ limits: ReadLimits) {
        patience = limits.patience
        state = Mutex(State(scheduler: ReadScheduler(limits)))
    }

    /// Returns when the read may begin; the caller must call `leave` afterwards. Throws `busy` after waiting too long
    /// or when too many of the organization's reads already wait, and `abandoned` when the task is cancelled.
    package func enter(_ read: DatabaseRead) async throws(RepositoryError) -> Ticket {
        guard let ticket = state.withLock({ $0.scheduler.arrive(read) }) else { throw .busy }
        let refusal = await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0, as: ticket, isPatient: read == .own) }
        } onCancel: {
            drop(ticket, .abandoned)
        }
        if let refusal { throw refusal }
        return ticket
    }

    /// True if this was the last read and the gate is closed.
    package func leave(_ ticket: Ticket) -> Bool {
        let isQuiet = state.withLock { state in
            state.scheduler.leave(ticket)
            return state.scheduler.isQuiet
        }
        letIn()
        return isQuiet
    }

    /// True if no read is running.
    package func close() -> Bool {
        state.withLock { state in
            state.scheduler.close()
            return state.scheduler.isQuiet
        }
    }

    /// Closed, and no read is running.
    package var isQuiet: Bool { state.withLock { $0.scheduler.isQuiet } }

    /// Lets reads begin again.
    package func open() {
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

    /// Removes a waiting read. A running one is ended elsewhere (`ReadStopwatch`).
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
