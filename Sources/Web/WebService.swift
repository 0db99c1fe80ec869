import Crypto
import EventRouting
import Hummingbird
import Logging
import Notifications
import Repository
import WebAPI
import WebPages
import WebServing

/// The complete web service: the HTTP API (docs/api.md) and the pages for people.
package struct WebService: Sendable {
    private let repository: Repository
    private let authenticator: Authenticator
    private let probe: DatabaseProbe
    private let router: EventRouter
    private let tester: ChannelTester
    private let policy: EgressPolicy
    private let operatorKeyHash: SHA256Digest
    private let desk: AdmissionController
    private let nodes: NodeCount
    private let metrics: MetricsRegistry?
    private let visibility: PageVisibility
    private let connections: Int
    private let version: String

    /// - Parameters:
    ///   - policy: what channel addresses are checked against when they are saved.
    ///   - operatorKeyHash: `APIKey.hash` of the operator's key; the key itself is not needed here.
    ///   - admission: how many requests may come in at once.
    ///   - nodes: how many nodes share what may come in.
    ///   - hasSpace: whether the disk has room for new data.
    ///   - metrics: what `GET /metrics` shows; if nil, there is no such route.
    ///   - visibility: how browsers reach the pages.
    ///   - connections: how many are served at once.
    ///   - version: the program's.
    package init(
        repository: Repository, authenticator: Authenticator, probe: DatabaseProbe, router: EventRouter,
        tester: ChannelTester, policy: EgressPolicy,
        operatorKeyHash: SHA256Digest, admission: AdmissionLimits = AdmissionLimits(),
        nodes: NodeCount = NodeCount(), hasSpace: @escaping @Sendable () -> Bool = { true },
        metrics: MetricsRegistry? = nil, visibility: PageVisibility = PageVisibility(),
        connections: Int = WebServer.mostConnections, version: String = "development"
    ) {
        self.repository = repository
        self.authenticator = authenticator
        self.probe = probe
        self.router = router
        self.tester = tester
        self.policy = policy
        self.operatorKeyHash = operatorKeyHash
        self.desk = AdmissionController(admission, nodes: nodes, hasSpace: hasSpace)
        self.nodes = nodes
        self.metrics = metrics
        self.visibility = visibility
        self.connections = connections
        self.version = version
    }

    /// A service that listens until it is shut down; it finishes requests in progress first.
    ///
    /// - Parameters:
    ///   - port: 0 for any free port.
    ///   - onReady: called with the port once the service accepts connections.
    package func application(
        host: String, port: Int, logger: Logger, onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        WebServer(routes: routes(), connections: connections).application(
            host: host, port: port, logger: logger, onReady: onReady)
    }

    func routes() -> RouteTable {
        let authentication = Authentication(
            authenticator: authenticator, operatorKeyHash: operatorKeyHash, nodes: nodes)
        let pages = PageRoutes(
            repository: repository, router: router, tester: tester, policy: policy, authentication: authentication,
            operatorKeyHash: operatorKeyHash, publicOrigin: visibility.origin, isSecure: visibility.isSecure)
        var routes = RouteTable(
            authentication: authentication, desk: desk, guardian: pages.guardian, hosts: visibility.hosts)
        APIRoutes(
            repository: repository, probe: probe, router: router, tester: tester, policy: policy, desk: desk,
            metrics: metrics, publicOrigin: visibility.origin, version: version
        ).add(to: &routes)
        pages.add(to: &routes)
        return routes
    }
}
