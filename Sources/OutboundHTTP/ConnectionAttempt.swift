import NIOCore
import Synchronization

/// A connection attempt. It knows its channel from the first moment, so that giving up closes the channel at once.
final class ConnectionAttempt: Sendable {
    struct Open: Sendable {
        let connection: Connection
        /// Completed after the TLS handshake; nil without TLS.
        let secured: EventLoopFuture<Void>?
    }

    private struct State {
        var open: Open?
        var isGivenUp = false
    }

    private let state = Mutex(State())

    /// The opened channel; nil until there is one.
    var open: Open? { state.withLock { $0.open } }

    func began(_ open: Open) {
        let isGivenUp = state.withLock { state in
            state.open = open
            return state.isGivenUp
        }
        if isGivenUp { open.connection.close() }
    }

    func giveUp() {
        let open = state.withLock { state in
            state.isGivenUp = true
            return state.open
        }
        open?.connection.close()
    }
}
