import HTTPTypes
import Notifications
import WebServing

extension APIDescription {
    static let health = Section(
        tag: "Health", text: "The service itself.",
        operations: [
            Operation(
                method: .get, path: SpecialPaths.health, id: "showHealth", summary: "Check that the process is running",
                access: .anybody, text: "It looks at nothing else, so it is what a supervisor restarts the process by.",
                answers: [.ok(.object(["status": .constant("ok")]))]),
            Operation(
                method: .get, path: SpecialPaths.readiness, id: "showReadiness",
                summary: "Check that the database works too",
                access: .anybody,
                text: "503 while the database is unavailable, the disk is full or the service is shutting down.",
                answers: [.ok(.object(["status": .constant("ready")]))], refusals: [.unavailable]),
            Operation(
                method: .get, path: MetricsRoutes.path, id: "showMetrics",
                summary: "Show metrics for Prometheus, when enabled",
                access: .anybody, text: "RUNBELL_METRICS enables them; otherwise this is not found.",
                answers: [
                    OperationAnswer(
                        status: .ok, text: "In the Prometheus text format.", schema: .text, mediaType: "text/plain")
                ], refusals: [.notFound]),
            Operation(
                method: .get, path: OpenAPIRoutes.path, id: "showDescription", summary: "Show this description",
                access: .anybody, text: "As OpenAPI 3.1.", answers: [.ok(Schema(["type": "object"]))]),
        ])
}
