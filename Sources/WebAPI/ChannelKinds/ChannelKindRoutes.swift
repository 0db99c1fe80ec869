import Hummingbird
import Notifications
import WebServing

struct ChannelKindRoutes {
    let kinds: ChannelCatalogue

    func add(to routes: inout RouteTable) {
        routes.on(.get, "/v1/channel-kinds") { [kinds] _, _ in
            .json(["data": .array(kinds.kinds.map(\.json)), "next_cursor": nil])
        }
    }
}
