import Hummingbird
import Notifications
import Repository
import WebServing

/// The operator's pages: links to organizations, and login links.
struct OperatorPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        routes.onPage(.get, "/operator", query: true, use: show)
        routes.onPage(.post, "/operator/login-link", use: makeLink)
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let organization: OrganizationID? = query.numericID("organization")
        try query.finish()
        let visitor = try visitor(context)
        guard let organization else { return .page(OperatorPage(visitor)) }
        _ = try await dependencies.repository.membership(in: organization, as: visitor.session.principal)
        return .see("/organizations/\(organization)/keys")
    }

    @Sendable private func makeLink(_ request: Request, _ context: APIContext) async throws -> Response {
        let visitor = try visitor(context)
        let form = try await request.form()
        guard form.text("form_token") == visitor.formToken else { throw Problem.staleForm }
        guard let organization = form.number("organization"), let user = form.number("user") else {
            return .page(
                OperatorPage(visitor, error: "Enter both IDs as whole numbers."), status: .unprocessableContent)
        }
        do {
            let link = try await dependencies.repository.makeLoginLink(
                for: UserID(user), of: OrganizationID(organization), as: visitor.session.principal)
            return .page(OperatorPage(visitor, link: "/login/\(link.token.reveal())"))
        } catch RepositoryError.notFound {
            let text = "That organization has no such member."
            return .page(OperatorPage(visitor, error: text), status: .unprocessableContent)
        }
    }

    private func visitor(_ context: APIContext) throws(Problem) -> Visitor {
        guard let visitor = context.visitor else { throw .unauthenticated }
        guard visitor.session.principal == .operator else { throw .notFound }
        return visitor
    }
}

struct OperatorPage: PageModel {
    static let template = "operator"
    let frame: PageFrame
    let error: String?
    /// The link, shown once.
    let link: String?

    init(_ visitor: Visitor, error: String? = nil, link: String? = nil) {
        var frame = PageFrame(title: "Operator")
        frame.who = "Operator"
        frame.formToken = visitor.formToken
        self.frame = frame
        self.error = error
        self.link = link
    }
}
