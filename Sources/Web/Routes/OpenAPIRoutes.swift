import Hummingbird
import Notifications

/// The description of the API for tools.
struct OpenAPIRoutes {
    static let path = "/openapi.json"

    func add(to routes: inout RouteTable) {
        routes.onOpen(.get, Self.path) { _, _ in .json(APIDescription.json) }
    }
}
