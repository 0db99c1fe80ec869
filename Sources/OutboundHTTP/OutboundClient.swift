import NIOCore
import NIOPosix
import Notifications

/// An HTTP/1.1 client that resolves a name once, checks all its addresses, and connects to a checked address. It
/// follows no redirects, reads no proxy from the environment, and decompresses nothing.
package final class OutboundClient: HTTPTransport {
    private let policy: EgressPolicy
    private let resolver: Resolver
    private let pool: ConnectionPool
    private let connector: Connector
    private let urls = ParsedURLs()
    private let sweeping: RepeatedTask

    /// - Parameters:
    ///   - additionalTrustRoots: The path of a PEM file with certificate authorities to trust in addition to the
    ///     system's.
    ///   - resolve: Looks up a name's addresses in place of the system. It may block, and throw anything: `NameUnknown`
    ///     counts as an answer, other errors as none.
    ///
    /// - Throws: If the certificate authorities cannot be read.
    package init(
        policy: EgressPolicy, limits: OutboundLimits = OutboundLimits(), additionalTrustRoots: String? = nil,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        resolve: (@Sendable (String) throws -> [IPAddress])? = nil
    ) throws {
        // Search domains could turn a public name into one of the machine's own network.
        let system = SystemLookup(isAbsolute: !policy.reachesPrivateNetworks)
        self.policy = policy
        connector = Connector(
            group: group, tls: try TLSContexts(additionalTrustRoots: additionalTrustRoots), limits: limits)
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
            policy: policy, resolver: resolver, pool: pool, connector: connector, urls: urls, payer: payer,
            deadline: .now() + TimeAmount(deadline))
        return await exchange.run(request)
    }

    /// How many connections are idle.
    package var idleConnections: Int { pool.count }

    /// Closes idle connections. Requests in flight go on until their end or deadline, but no more names are looked up.
    package func shutdown() async {
        sweeping.cancel()
        pool.shutdown()
        resolver.shutdown()
    }
}
