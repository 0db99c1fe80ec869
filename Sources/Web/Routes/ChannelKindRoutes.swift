import Hummingbird
import Notifications

struct ChannelKindRoutes {
    func add(to routes: inout RouteTable) {
        routes.on(.get, "/v1/channel-kinds") { _, _ in
            .json(["data": .array(ChannelKinds.all.map(\.json)), "next_cursor": nil])
        }
    }
}
