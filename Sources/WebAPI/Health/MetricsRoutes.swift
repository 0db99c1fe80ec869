import HTTPTypes
import Hummingbird
import NIOCore
import WebServing

/// The metrics for Prometheus; open to everyone, and only available if the operator enables them.
struct MetricsRoutes {
    let registry: MetricsRegistry

    static let path = "/metrics"

    func add(to routes: inout RouteTable) {
        let registry = registry
        routes.onOpen(.get, Self.path) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text)))
        }
    }
}
