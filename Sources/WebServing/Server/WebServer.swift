import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Listens for connections and serves the routes of a table.
package struct WebServer {
    private let routes: RouteTable
    private let connections: Int

    /// How many connections are served at once. Further ones get 503; only those beyond them wait in the backlog.
    package static let mostConnections = 8192
    private static let mostRefused = 256

    /// - Parameter connections: how many are served at once.
    package init(routes: RouteTable, connections: Int = Self.mostConnections) {
        self.routes = routes
        self.connections = connections
    }

    /// A service that listens until it is shut down; it finishes requests in progress first.
    ///
    /// - Parameters:
    ///   - port: 0 for any free port.
    ///   - onReady: called with the port once the service accepts connections.
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
            onServerRunning: { channel in
                await Self.guardAccepting(channel)
                await onReady(channel.localAddress?.port ?? port)
            },
            logger: logger)
    }

    /// Hummingbird lets nobody prepare the listening channel before it is running.
    private static func guardAccepting(_ channel: any Channel) async {
        let added = channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptPause(), position: .first)
        }
        try? await added.get()
    }
}
