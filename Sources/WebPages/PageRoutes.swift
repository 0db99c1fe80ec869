import Crypto
import EventRouting
import Notifications
import Repository
import WebServing

/// The pages for people: all their routes, and the guard that runs before them.
package struct PageRoutes {
    private let dependencies: PageDependencies
    private let publicOrigin: String?

    /// - Parameters:
    ///   - policy: what channel addresses are checked against when they are saved.
    ///   - authentication: the API's; the login page uses it too.
    ///   - operatorKeyHash: `APIKey.hash` of the operator's key.
    ///   - publicOrigin: the origin that browsers see, if configured.
    ///   - isSecure: whether cookies are only sent over https.
    package init(
        repository: Repository, router: EventRouter, tester: ChannelTester, policy: EgressPolicy,
        authentication: Authentication, operatorKeyHash: SHA256Digest, publicOrigin: String?, isSecure: Bool
    ) {
        dependencies = PageDependencies(
            repository: repository, router: router, tester: tester, policy: policy, authentication: authentication,
            operatorKeyHash: operatorKeyHash, cookie: SessionCookie(isSecure: isSecure))
        self.publicOrigin = publicOrigin
    }

    /// Runs before all pages.
    package var guardian: some PageGuard {
        PageGate(
            authentication: dependencies.authentication, operatorKeyHash: dependencies.operatorKeyHash,
            cookie: dependencies.cookie, origin: SameOrigin(publicOrigin: publicOrigin))
    }

    /// Adds all pages to a table, with the files that they need.
    package func add(to routes: inout RouteTable) {
        PageFileRoutes().add(to: &routes)
        LoginPages(dependencies: dependencies).add(to: &routes)
        MailPages(dependencies: dependencies).add(to: &routes)
        OperatorPages(dependencies: dependencies).add(to: &routes)
        NotificationPages(dependencies: dependencies).add(to: &routes)
        ChannelPages(dependencies: dependencies).add(to: &routes)
        DeliveryPages(dependencies: dependencies, streams: LiveStreams()).add(to: &routes)
        ReplayPages(dependencies: dependencies).add(to: &routes)
        EventPages(dependencies: dependencies).add(to: &routes)
        RunPages(dependencies: dependencies).add(to: &routes)
        AuditPages(dependencies: dependencies, checks: ChainChecks()).add(to: &routes)
        MemberPages(dependencies: dependencies).add(to: &routes)
        KeyPages(dependencies: dependencies).add(to: &routes)
        SettingPages(dependencies: dependencies).add(to: &routes)
        dependencies.onAnythingElse(of: &routes)
    }
}
