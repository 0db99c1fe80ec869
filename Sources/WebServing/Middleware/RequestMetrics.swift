import CoreMetrics
import Hummingbird
import Synchronization

/// Counts responses by status and measures how long they took. Requests that wait for events are not measured: they are
/// as long as their clients want.
struct RequestMetrics: RouterMiddleware {
    private let durations = CoreMetrics.Timer(label: "runbell_http_request_duration_seconds")
    private let counters = Counters()

    /// One for each status that has occurred, or that operators are alerted to: Prometheus sees no increase in a series
    /// that begins with its first event.
    private final class Counters: Sendable {
        private let known = Mutex(
            Dictionary(uniqueKeysWithValues: [429, 500, 503, 507].map { ($0, counter(of: $0)) }))

        subscript(status: Int) -> Counter {
            known.withLock { known in
                if let counter = known[status] { return counter }
                let counter = Self.counter(of: status)
                known[status] = counter
                return counter
            }
        }

        private static func counter(of status: Int) -> Counter {
            Counter(label: "runbell_http_requests_total", dimensions: [("status", "\(status)")])
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
