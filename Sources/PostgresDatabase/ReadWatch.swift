import Dispatch
import Repository
import Synchronization

/// Ends a read that takes too long or whose caller has gone. The server ends a statement that takes too long; between two
/// statements, the connection asks here.
final class ReadWatch: Sendable {
    private struct State {
        var isAbandoned = false
        /// While the read runs.
        var canceller: Canceller?
    }

    private let end: ContinuousClock.Instant
    private let state = Mutex(State())

    init(_ time: Duration) {
        end = .now + time
    }

    /// Call this when the caller has gone.
    func abandon() {
        let isRunning = state.withLock { state in
            state.isAbandoned = true
            return state.canceller != nil
        }
        // Cancelling blocks. It may come too late and stop the session's next read, which then runs again.
        if isRunning { DispatchQueue.global(qos: .utility).async { self.cancel() } }
    }

    /// The read begins on a session with this canceller, or with nil has ended there.
    func run(under canceller: Canceller?) {
        state.withLock { $0.canceller = canceller }
    }

    private func cancel() {
        state.withLock { $0.canceller?.cancel() }
    }

    var isOver: Bool { ContinuousClock.now >= end || state.withLock { $0.isAbandoned } }

    /// The error of a read, or the reason why it was ended.
    func reason(of error: RepositoryError) -> RepositoryError {
        guard error == .abandoned, !state.withLock({ $0.isAbandoned }) else { return error }
        return ContinuousClock.now >= end ? .tooSlow : error
    }
}
