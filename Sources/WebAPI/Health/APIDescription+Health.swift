import HTTPTypes
import Notifications
import WebServing

extension APIDescription {
    static let health = Section(
        tag: "Service", text: "The service itself.",
        operations: [
            Operation(
                method: .get, path: SpecialPaths.health, id: "showHealth", summary: "Check that the process is running",
                access: .anybody, answers: [.ok(.object(["status": .constant("ok")]))]),
            Operation(
                method: .get, path: SpecialPaths.readiness, id: "showReadiness",
                summary: "Check that the database works too",
                access: .anybody, answers: [.ok(.object(["status": .constant("ready")]))], refusals: [.unavailable]),
            Operation(
                method: .get, path: MetricsRoutes.path, id: "showMetrics",
                summary: "Show metrics for Prometheus, when enabled",
                access: .anybody,
                answers: [
                    OperationAnswer(
                        status: .ok, text: "In the Prometheus text format.", schema: .text, mediaType: "text/plain")
                ], refusals: [.notFound]),
            Operation(
                method: .get, path: OpenAPIRoutes.path, id: "showDescription", summary: "Show this description",
                access: .anybody, answers: [.ok(Schema(["type": "object"]))]),
        ])
}
