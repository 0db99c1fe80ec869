import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// What listens, and answers by the routes of a table.
package struct WebServer {
    private let routes: RouteTable
    private let connections: Int

    /// Connections at once that are answered; further ones get 503, and only those beyond them wait in the backlog.
    package static let mostConnections = 8192
    private static let mostRefused = 256

    /// - Parameter connections: how many are answered at once.
    package init(routes: RouteTable, connections: Int = Self.mostConnections) {
        self.routes = routes
        self.connections = connections
    }

    /// A service that listens until it is shut down; requests under way are answered first.
    ///
    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - onReady: called with the port once connections are taken.
    package func application(
        host: String, port: Int, logger: Logger, onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let count = ConnectionCount(most: connections)
        return Application(
            responder: routes.responder(),
            server: HTTPServerBuilder { GuardedHTTP1Channel(connections: count, responder: $0) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(connections + Self.mostRefused, logger: logger)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: logger)
    }
}
