import CoreMetrics
import Hummingbird
import Synchronization

/// Counts responses by status and measures how long they took. Requests that wait for events are not measured: they are
/// as long as their clients want.
struct RequestMetrics: RouterMiddleware {
    private let durations = CoreMetrics.Timer(label: "runbell_http_request_duration_seconds")
    private let counters = Counters()

    /// One for each status that has occurred.
    private final class Counters: Sendable {
        private let known = Mutex<[Int: Counter]>([:])

        subscript(status: Int) -> Counter {
            known.withLock { known in
                if let counter = known[status] { return counter }
                let counter = Counter(label: "runbell_http_requests_total", dimensions: [("status", "\(status)")])
                known[status] = counter
                return counter
            }
        }
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        if !SpecialPaths.waits(request.uri.path) {
            durations.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
        }
        counters[response.status.code].increment()
        return response
    }
}

extension Duration {
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
