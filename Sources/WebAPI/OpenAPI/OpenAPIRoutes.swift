import HTTPTypes
import Hummingbird
import Notifications
import WebServing

/// The API description for tools; open to everyone, as it contains nothing that docs/api.md does not.
struct OpenAPIRoutes {
    static let path = "/openapi.json"

    /// Built once: it is long, and anyone may request it.
    private let body: ByteBuffer

    init(kinds: ChannelCatalogue, version: String) {
        body = ByteBuffer(bytes: APIDescription(kinds: kinds, version: version).json.compactBytes)
    }

    func add(to routes: inout RouteTable) {
        routes.onOpen(.get, Self.path) { [body] _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
        }
    }
}
