import CoreMetrics
import Hummingbird

/// Counts responses by status and measures how long they took.
struct RequestMetrics: RouterMiddleware {
    private let durations = CoreMetrics.Timer(label: "runbell_http_request_duration_seconds")

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        durations.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
        Counter(label: "runbell_http_requests_total", dimensions: [("status", "\(response.status.code)")]).increment()
        return response
    }
}

extension Duration {
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
