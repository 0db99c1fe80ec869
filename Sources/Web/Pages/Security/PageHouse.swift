import Crypto
import EventRouting
import HTTPTypes
import Hummingbird
import Logging
import Notifications
import Repository

/// What the pages are made with.
struct PageHouse: Sendable {
    let repository: Repository
    let router: EventRouter
    let tester: ChannelTester
    let policy: EgressPolicy
    let authentication: Authentication
    let operatorKeyHash: SHA256Digest
    let cookie: SessionCookie

    /// The kinds that channels may be of.
    var kinds: ChannelCatalogue { repository.kinds }

    typealias Handling = @Sendable (Request, Visit) async throws -> Response

    /// A page of an organization. What goes wrong is shown inside the organization's frame.
    func on(
        _ method: HTTPRequest.Method, _ path: String, query: Bool = false, in section: PageSection,
        of routes: inout RouteTable, use handle: @escaping Handling
    ) {
        routes.onPage(method, "/organizations/:organization/" + path, query: query) { request, context in
            let visit = try await visit(context, section)
            do {
                return try await handle(request, visit)
            } catch {
                guard let problem = Problem(error), problem.status != .unauthorized else { throw error }
                let frame = visit.frame(ProblemPage.title(problem))
                return .page(ProblemPage(problem, in: frame), status: problem.status)
            }
        }
    }

    /// For a page that only some may see. That it was refused stands in the audit log, as with the API.
    func require(
        _ permission: Permission, _ isHeld: Bool, for action: String, _ visit: Visit
    ) async throws {
        guard !isHeld else { return }
        try await repository.note(
            RefusedAttempt(
                organization: visit.organization, principal: visit.principal, action: action,
                reason: permission.requirement))
        throw Problem(RepositoryError.forbidden(permission.requirement))
    }

    private func visit(_ context: APIContext, _ section: PageSection) async throws -> Visit {
        guard let visitor = context.visitor else { throw Problem.unauthenticated }
        let standing = try await repository.standing(
            in: context.organization, as: visitor.session.principal)
        return Visit(visitor: visitor, standing: standing, section: section, context: context)
    }
}
