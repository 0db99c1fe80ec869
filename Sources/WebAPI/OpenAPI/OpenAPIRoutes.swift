import HTTPTypes
import Hummingbird
import Notifications
import WebServing

/// The description of the API for tools; open to all, as it says nothing that docs/api.md does not.
struct OpenAPIRoutes {
    static let path = "/openapi.json"

    /// Made once: it is long, and anybody may ask for it.
    private let body: ByteBuffer

    init(kinds: ChannelCatalogue) {
        body = ByteBuffer(bytes: APIDescription(kinds: kinds).json.compactBytes)
    }

    func add(to routes: inout RouteTable) {
        routes.onOpen(.get, Self.path) { [body] _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
        }
    }
}
