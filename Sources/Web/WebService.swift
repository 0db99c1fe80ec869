import Crypto
import EventRouting
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Notifications
import Repository

/// The HTTP API (docs/api.md), and the pages for people.
package struct WebService: Sendable {
    private let repository: Repository
    private let authenticator: Authenticator
    private let probe: DatabaseProbe
    private let router: EventRouter
    private let tester: ChannelTester
    private let policy: EgressPolicy
    private let operatorKeyHash: SHA256Digest
    private let desk: AdmissionController
    private let metrics: MetricsRegistry?
    private let visibility: PageVisibility
    private let connections: Int

    /// Connections at once that are answered; further ones get 503, and only those beyond them wait in the backlog.
    package static let mostConnections = 8192
    private static let mostRefused = 256

    /// - Parameters:
    ///   - policy: what channels' addresses are checked against when they are saved.
    ///   - operatorKeyHash: `APIKey.hash` of the operator's key; the key itself is not needed here.
    ///   - admission: how much may come in at once.
    ///   - hasSpace: whether the disk has room for something new.
    ///   - metrics: what `GET /metrics` shows; nil, and there is no such route.
    ///   - visibility: how browsers reach the pages.
    ///   - connections: how many are answered at once.
    package init(
        repository: Repository, authenticator: Authenticator, probe: DatabaseProbe, router: EventRouter,
        tester: ChannelTester, policy: EgressPolicy,
        operatorKeyHash: SHA256Digest, admission: AdmissionLimits = AdmissionLimits(),
        hasSpace: @escaping @Sendable () -> Bool = { true }, metrics: MetricsRegistry? = nil,
        visibility: PageVisibility = PageVisibility(), connections: Int = Self.mostConnections
    ) {
        self.repository = repository
        self.authenticator = authenticator
        self.probe = probe
        self.router = router
        self.tester = tester
        self.policy = policy
        self.operatorKeyHash = operatorKeyHash
        self.desk = AdmissionController(admission, hasSpace: hasSpace)
        self.metrics = metrics
        self.visibility = visibility
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
        application(of: routes(), host: host, port: port, logger: logger, onReady: onReady)
    }

    func application(
        of routes: RouteTable, host: String, port: Int, logger: Logger,
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let connections = ConnectionCount(most: connections)
        return Application(
            responder: routes.responder(),
            server: HTTPServerBuilder { GuardedHTTP1Channel(connections: connections, responder: $0) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(self.connections + Self.mostRefused, logger: logger)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: logger)
    }

    func routes() -> RouteTable {
        let authentication = Authentication(authenticator: authenticator, operatorKeyHash: operatorKeyHash)
        let cookie = SessionCookie(isSecure: visibility.isSecure)
        var routes = RouteTable(
            authentication: authentication, admission: AdmissionGate(desk: desk),
            gate: PageGate(
                authenticator: authenticator, operatorKeyHash: operatorKeyHash, cookie: cookie,
                origin: SameOrigin(publicOrigin: visibility.origin)),
            hosts: KnownHosts(visibility.hosts))
        HealthRoutes(probe: probe, desk: desk).add(to: &routes)
        if let metrics { MetricsRoutes(registry: metrics).add(to: &routes) }
        OrganizationRoutes(repository: repository).add(to: &routes)
        MemberRoutes(repository: repository).add(to: &routes)
        KeyRoutes(repository: repository).add(to: &routes)
        LoginLinkRoutes(repository: repository, publicOrigin: visibility.origin).add(to: &routes)
        ChannelKindRoutes(kinds: repository.kinds).add(to: &routes)
        ChannelRoutes(repository: repository, router: router, tester: tester, policy: policy).add(to: &routes)
        EventRoutes(repository: repository, router: router, desk: desk).add(to: &routes)
        DeliveryRoutes(repository: repository, router: router).add(to: &routes)
        LedgerRoutes(repository: repository).add(to: &routes)
        ReplayRoutes(repository: repository).add(to: &routes)
        AuditRoutes(repository: repository).add(to: &routes)
        OpenAPIRoutes(kinds: repository.kinds).add(to: &routes)
        let dependencies = PageDependencies(
            repository: repository, router: router, tester: tester, policy: policy, authentication: authentication,
            operatorKeyHash: operatorKeyHash, cookie: cookie)
        PageRoutes(dependencies: dependencies).add(to: &routes)
        return routes
    }
}
