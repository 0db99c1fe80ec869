import Crypto
import HTTPTypes
import Hummingbird
import Notifications
import Repository
import WebServing

/// Runs before all pages: refuses requests from other sites, identifies the user, and turns errors into pages.
struct PageGate: PageGuard {
    let authentication: Authentication
    let operatorKeyHash: SHA256Digest
    let cookie: SessionCookie
    let origin: SameOrigin

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            if request.method.takesBody { try origin.check(request) }
            var context = context
            context.visitor = try await visitor(request)
            context.authenticated = context.visitor?.session.principal
            let known = context
            response = try await RequestSource.$address.withValue(context.sourceAddress) {
                try await next(request, known)
            }
        } catch {
            guard let problem = Problem(error) else { throw error }
            response = page(for: problem, request)
        }
        PageHeaders.add(to: &response)
        return response
    }

    func page(for problem: Problem) -> Response { .page(for: problem) }

    private func visitor(_ request: Request) async throws(RepositoryError) -> Visitor? {
        guard let token = cookie.token(in: request.headers) else { return nil }
        let isUse = !request.says(LiveStream.mediaType, in: .accept)
        let session = try await authentication.authenticator.session(
            presenting: token, operatorKey: operatorKeyHash, isUse: isUse)
        return session.map { Visitor(token: token, session: $0) }
    }

    /// Without a session, redirects to the login page, which leads back to the requested page.
    private func page(for problem: Problem, _ request: Request) -> Response {
        guard problem.status == .unauthorized, !request.method.takesBody else {
            return .page(for: problem)
        }
        if request.says("cross-site", in: .secFetchSite), request.says("navigate", in: .secFetchMode) {
            return .page(ProblemPage.comingFromElsewhere(request.uri.string))
        }
        return .see("/login?to=" + Self.target(of: request))
    }

    /// The page, with its query unless that is longer than a parameter may be.
    private static func target(of request: Request) -> String {
        let path = request.uri.path
        guard let query = request.uri.query, path.utf8.count + query.utf8.count < QueryReader.mostBytes else {
            return path
        }
        return path + PercentEncoding.encode("?" + query)
    }
}
