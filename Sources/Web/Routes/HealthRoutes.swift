import Hummingbird
import Notifications
import Repository

/// For supervisors and load balancers; open to all.
struct HealthRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        // The process answers.
        routes.onOpen(.get, "/healthz") { _, _ in .json(["status": "ok"]) }
        // The database answers too.
        routes.onOpen(.get, "/readyz", use: ready)
    }

    @Sendable private func ready(_ request: Request, _ context: APIContext) async throws -> Response {
        try await repository.ping()
        return .json(["status": "ready"])
    }
}
