import NIOCore
import NIOPosix
import NIOSSL
import Notifications

/// The way out: an HTTP/1.1 client that resolves a name once, judges every address of it, and connects to the judged
/// address. It follows no redirect, reads no proxy from the environment, and decompresses nothing.
package final class OutboundClient: HTTPTransport {
    private let policy: EgressPolicy
    private let resolver: Resolver
    private let pool: ConnectionPool
    private let connector: Connector
    private let sweeping: RepeatedTask

    /// - Parameters:
    ///   - additionalTrustRoots: Path of a PEM file with certificate authorities to trust beside the system's.
    ///   - resolve: Finds a name's addresses in place of the system; it may block, and throws what it likes:
    ///     `NameUnknown` is an answer, anything else is none.
    /// - Throws: when the certificate authorities cannot be read.
    package init(
        policy: EgressPolicy, limits: OutboundLimits = OutboundLimits(), additionalTrustRoots: String? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        resolve: (@Sendable (String) throws -> [IPAddress])? = nil
    ) throws {
        // The search domains of the machine may turn a public name into one of its own network.
        let system = SystemLookup(isAbsolute: !policy.reachesPrivateNetworks)
        self.policy = policy
        connector = Connector(group: group, tls: try Self.context(additionalTrustRoots), limits: limits)
        resolver = Resolver(limits: limits, group: group, lookup: resolve ?? { try system.addresses(of: $0) })
        let pool = ConnectionPool(limits: limits)
        self.pool = pool
        let interval = TimeAmount(limits.idleSweep)
        sweeping = group.next().scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak pool] _ in
            pool?.sweep()
        }
    }

    deinit {
        sweeping.cancel()
        pool.shutdown()
    }

    package func send(
        _ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration
    ) async -> Exchange {
        var exchange = OutboundExchange(
            policy: policy, resolver: resolver, pool: pool, connector: connector, payer: payer,
            deadline: .now() + TimeAmount(deadline))
        return await exchange.run(request)
    }

    /// How many connections wait for their next request.
    package var idleConnections: Int { pool.count }

    /// Closes what is idle. Requests under way go on to their end or deadline; names cannot be asked for any more.
    package func shutdown() async {
        sweeping.cancel()
        pool.shutdown()
        resolver.shutdown()
    }

    private static func context(_ additionalTrustRoots: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // How long a peer may take to agree to the end of a connection.
        configuration.shutdownTimeout = .milliseconds(250)
        if let additionalTrustRoots {
            configuration.additionalTrustRoots = [.file(additionalTrustRoots)]
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
