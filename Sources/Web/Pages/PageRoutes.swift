/// All pages.
struct PageRoutes {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        PageFileRoutes().add(to: &routes)
        LoginPages(dependencies: dependencies).add(to: &routes)
        OperatorPages(dependencies: dependencies).add(to: &routes)
        NotificationPages(dependencies: dependencies).add(to: &routes)
        ChannelPages(dependencies: dependencies).add(to: &routes)
        DeliveryPages(dependencies: dependencies, streams: LiveStreams()).add(to: &routes)
        ReplayPages(dependencies: dependencies).add(to: &routes)
        EventPages(dependencies: dependencies).add(to: &routes)
        AuditPages(dependencies: dependencies, checks: ChainChecks()).add(to: &routes)
        MemberPages(dependencies: dependencies).add(to: &routes)
        KeyPages(dependencies: dependencies).add(to: &routes)
        SettingPages(dependencies: dependencies).add(to: &routes)
    }
}
