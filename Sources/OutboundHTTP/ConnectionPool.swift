import NIOCore
import Synchronization

/// Idle connections, limited in number and age.
final class ConnectionPool: Sendable {
    private struct State {
        var idle = IdleConnections()
        var isShutDown = false
    }

    private let perTarget: Int
    private let total: Int
    private let lifetime: TimeAmount
    private let state = Mutex(State())

    init(limits: OutboundLimits) {
        perTarget = limits.idleConnectionsPerTarget
        total = limits.idleConnections
        lifetime = TimeAmount(limits.idleLifetime)
    }

    /// How many connections are idle.
    var count: Int { state.withLock { $0.idle.count } }

    /// Takes the connection that became idle last, because it is the most likely to be still open.
    func take(_ targets: [DialTarget]) -> Connection? {
        let oldest = NIODeadline.now() - lifetime
        return state.withLock { state in
            for target in targets {
                while let idle = state.idle.removeLast(of: target) {
                    if idle.since > oldest, idle.connection.isActive { return idle.connection }
                    idle.connection.close()
                }
            }
            return nil
        }
    }

    /// Keeps a connection, and drops the longest idle one if there are too many.
    func put(_ connection: Connection) {
        let surplus: Connection? = state.withLock { state in
            guard !state.isShutDown, perTarget > 0, total > 0 else { return connection }
            var evicted: Connection?
            if state.idle.count(of: connection.target) >= perTarget {
                evicted = state.idle.removeFirst(of: connection.target)
            } else if state.idle.count >= total {
                evicted = state.idle.removeLongestIdle()
            }
            state.idle.append(connection, since: .now())
            return evicted
        }
        surplus?.close()
        // It may have closed before it was in the list, and then `remove` found nothing.
        if !connection.isActive { remove(connection) }
    }

    /// Removes a connection that was closed.
    func remove(_ connection: Connection) {
        state.withLock { $0.idle.remove(connection) }
    }

    /// Closes connections that have been idle for too long.
    func sweep() {
        let oldest = NIODeadline.now() - lifetime
        let stale = state.withLock { state in
            let stale = state.idle.all.filter { $0.since <= oldest }.map(\.connection)
            for connection in stale { state.idle.remove(connection) }
            return stale
        }
        for connection in stale { connection.close() }
    }

    /// Closes all idle connections, and from now on each that becomes idle.
    func shutdown() {
        let connections = state.withLock { state in
            let connections = state.idle.all.map(\.connection)
            state = State(isShutDown: true)
            return connections
        }
        for connection in connections { connection.close() }
    }
}
