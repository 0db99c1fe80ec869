import HTTPTypes
import Hummingbird
import Notifications
import ServiceLifecycle

/// Refuses requests that cannot be accepted now, before their body is read: during shutdown, when the disk is full, or
/// when too many are in progress. Reads are never refused here; they take turns (`ReadingPool`), and so does what costs as
/// much as a read.
struct AdmissionGate: RouterMiddleware {
    let desk: AdmissionController
    let readings = ReadingPool()

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard request.method.writes else { return try await read(request, context, next) }
        guard !Task.isShuttingDownGracefully else { throw Problem.shuttingDown }
        guard desk.hasSpace() else { throw Problem.insufficientStorage }
        return try await desk.admit(Self.sender(request, context), bytes: request.mostBytes) {
            guard SpecialPaths.costsLikeReading(request.uri.path) else { return try await next(request, context) }
            return try await read(request, context, next)
        }
    }

    /// Reads of known callers take turns with others of their organization, also while a body is written that is read
    /// piece by piece.
    private func read(
        _ request: Request, _ context: APIContext, _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let principal = context.authenticated else { return try await next(request, context) }
        let reader = principal.organizationID
        var response = try await readings.serve(reader) { try await next(request, context) }
        guard response.body.contentLength == nil else { return response }
        response.body = ResponseBody { [readings, body = response.body] writer in
            try await readings.serve(reader) { try await body.write(writer) }
        }
        return response
    }

    /// Whom a write counts for: strangers have a room of their own.
    private static func sender(_ request: Request, _ context: APIContext) -> Admission.Sender {
        guard let principal = context.authenticated else { return Admission.Sender(stranger: context.remoteAddress) }
        let path = request.uri.path
        return Admission.Sender(
            organization: principal.organizationID,
            SpecialPaths.takesEvents(path) ? .events : SpecialPaths.isTest(path) ? .tests : .settings)
    }
}

extension HTTPRequest.Method {
    fileprivate var writes: Bool { self != .get && self != .head }
}

extension Request {
    /// How many bytes of a body are read at most.
    fileprivate var mostBytes: Int {
        guard hasBody else { return 0 }
        let limit = BodyLimit.of(path: uri.path)
        return headers[.contentLength].flatMap { Int($0) }.map { min($0, limit) } ?? limit
    }
}
