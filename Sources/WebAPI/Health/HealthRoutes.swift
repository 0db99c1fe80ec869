import Hummingbird
import Notifications
import Repository
import ServiceLifecycle
import WebServing

/// For supervisors and load balancers; open to everyone.
struct HealthRoutes {
    let probe: DatabaseProbe
    let desk: AdmissionController

    func add(to routes: inout RouteTable) {
        // The process responds.
        routes.onOpen(.get, SpecialPaths.health) { _, _ in .json(["status": "ok"]) }
        // The database responds too, is the one to use, and writes are admitted.
        routes.onOpen(.get, SpecialPaths.readiness, use: ready)
    }

    /// Load balancers take 503 as a sign to try another server.
    private static let noSpace = Problem(
        status: .serviceUnavailable, word: Problem.insufficientStorage.word,
        detail: Problem.insufficientStorage.detail, headers: Problem.insufficientStorage.headers)

    private static let moved = Problem(
        status: .serviceUnavailable, word: "moved",
        detail: "The service's data was moved to another database. Only the service there accepts events.",
        headers: [.retryAfter: "60"])

    @Sendable private func ready(_ request: Request, _ context: APIContext) async throws -> Response {
        guard !Task.isShuttingDownGracefully else { throw Problem.shuttingDown }
        guard desk.hasSpace() else { throw Self.noSpace }
        if case .moved = try await probe.state() { throw Self.moved }
        return .json(["status": "ready"])
    }
}
