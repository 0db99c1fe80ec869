import EventRouting
import Notifications
import Repository
import WebServing

/// The API: all its routes (docs/api.md) and their description.
package struct APIRoutes {
    private let repository: Repository
    private let probe: DatabaseProbe
    private let router: EventRouter
    private let tester: ChannelTester
    private let policy: EgressPolicy
    private let desk: AdmissionController
    private let metrics: MetricsRegistry?
    private let publicOrigin: String?
    private let version: String

    /// - Parameters:
    ///   - policy: what channel addresses are checked against when they are saved.
    ///   - metrics: what `GET /metrics` shows; if nil, there is no such route.
    ///   - publicOrigin: the origin that browsers see, if configured.
    ///   - version: the program's, for the description.
    package init(
        repository: Repository, probe: DatabaseProbe, router: EventRouter, tester: ChannelTester,
        policy: EgressPolicy, desk: AdmissionController, metrics: MetricsRegistry?, publicOrigin: String?,
        version: String
    ) {
        self.repository = repository
        self.probe = probe
        self.router = router
        self.tester = tester
        self.policy = policy
        self.desk = desk
        self.metrics = metrics
        self.publicOrigin = publicOrigin
        self.version = version
    }

    /// Adds every route of the API to a table.
    package func add(to routes: inout RouteTable) {
        HealthRoutes(probe: probe, desk: desk).add(to: &routes)
        if let metrics { MetricsRoutes(registry: metrics).add(to: &routes) }
        OrganizationRoutes(repository: repository).add(to: &routes)
        MemberRoutes(repository: repository).add(to: &routes)
        KeyRoutes(repository: repository).add(to: &routes)
        LoginLinkRoutes(repository: repository, publicOrigin: publicOrigin).add(to: &routes)
        ChannelKindRoutes(repository: repository).add(to: &routes)
        ChannelRoutes(repository: repository, router: router, tester: tester, policy: policy).add(to: &routes)
        EventRoutes(repository: repository, router: router, desk: desk, publicOrigin: publicOrigin).add(to: &routes)
        RoomNotificationRoutes(router: router, desk: desk).add(to: &routes)
        DeliveryRoutes(repository: repository, router: router).add(to: &routes)
        LedgerRoutes(repository: repository).add(to: &routes)
        ReplayRoutes(repository: repository).add(to: &routes)
        AuditRoutes(repository: repository).add(to: &routes)
        NodeRoutes(repository: repository).add(to: &routes)
        OpenAPIRoutes(kinds: repository.kinds, version: version).add(to: &routes)
    }
}
