/// All pages.
struct PageRoutes {
    let house: PageHouse

    func add(to routes: inout RouteTable) {
        PageFileRoutes().add(to: &routes)
        LoginPages(house: house).add(to: &routes)
        OperatorPages(house: house).add(to: &routes)
        NotificationPages(house: house).add(to: &routes)
        ChannelPages(house: house).add(to: &routes)
        DeliveryPages(house: house, streams: LiveStreams()).add(to: &routes)
        ReplayPages(house: house).add(to: &routes)
        EventPages(house: house).add(to: &routes)
        AuditPages(house: house, checks: ChainChecks()).add(to: &routes)
        MemberPages(house: house).add(to: &routes)
        KeyPages(house: house).add(to: &routes)
        SettingPages(house: house).add(to: &routes)
    }
}
