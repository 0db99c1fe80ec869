import HTTPTypes
import Hummingbird
import Notifications
import ServiceLifecycle

/// Refuses requests that cannot be accepted now, before their body is read: during shutdown, when the disk is full, or
/// when too many are in progress. Reads are never refused here; they take turns (`ReadingPool`).
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
            try await next(request, context)
        }
    }

    /// Reads of known callers take turns with others of their organization.
    private func read(
        _ request: Request, _ context: APIContext, _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let principal = context.authenticated else { return try await next(request, context) }
        return try await readings.serve(principal.organizationID) { try await next(request, context) }
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
