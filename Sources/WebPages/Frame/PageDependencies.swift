import Crypto
import EventRouting
import HTTPTypes
import Hummingbird
import Logging
import Notifications
import Repository
import WebServing

/// What pages depend on.
struct PageDependencies: Sendable {
    let repository: Repository
    let router: EventRouter
    let tester: ChannelTester
    let policy: EgressPolicy
    let authentication: Authentication
    let operatorKeyHash: SHA256Digest
    let cookie: SessionCookie

    /// The available channel kinds.
    var kinds: ChannelCatalogue { repository.kinds }

    typealias Handling = @Sendable (Request, PageContext) async throws -> Response

    /// A page of an organization. Errors are shown within the organization's frame.
    func on(
        _ method: HTTPRequest.Method, _ path: String, query: Bool = false, in section: PageSection,
        of routes: inout RouteTable, use handle: @escaping Handling
    ) {
        routes.onPage(method, "/organizations/:organization/" + path, query: query) { request, context in
            let page = try await page(request, context, section)
            do {
                return try await handle(request, page)
            } catch {
                guard let problem = Problem(error), problem.status != .unauthorized else { throw error }
                return .page(for: problem, in: page.frame(ProblemPage.title(problem)))
            }
        }
    }

    /// Whatever else is asked for below an organization is not found, and the way back is still there.
    func onAnythingElse(of routes: inout RouteTable) {
        for path in ["/organizations/:organization", "/organizations/:organization/**"] {
            routes.onPage(.get, path, query: true) { request, context in
                let frame = try await page(request, context, nil).frame(ProblemPage.title(.notFound))
                return .page(for: .notFound, in: frame)
            }
        }
    }

    /// For a page with restricted access. Refusals are written to the audit log, as in the API.
    func require(
        _ permission: Permission, _ isHeld: Bool, for action: String, _ page: PageContext
    ) async throws {
        guard !isHeld else { return }
        try await repository.noteRefusal(
            of: action, because: permission.requirement, in: page.organization, as: page.principal)
        throw Problem(RepositoryError.forbidden(permission.requirement))
    }

    /// What to call actors of the audit log.
    func names(_ actors: [String], _ page: PageContext) async throws(RepositoryError) -> DisplayNames {
        try await repository.memberNames(actors, of: page.organization, as: page.principal)
    }

    private func page(
        _ request: Request, _ context: APIContext, _ section: PageSection?
    ) async throws -> PageContext {
        guard let visitor = context.visitor else { throw Problem.unauthenticated }
        let membership = try await repository.membership(
            in: context.organization, as: visitor.session.principal)
        return PageContext(
            visitor: visitor, membership: membership, section: section, context: context,
            address: (cookie.isSecure ? "https://" : "http://") + (request.head.authority ?? ""))
    }
}
