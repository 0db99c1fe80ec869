import Hummingbird
import Notifications
import Repository
import WebServing

/// The operator's pages: the organizations, and login links.
struct OperatorPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        routes.onPage(.get, "/operator", query: true, use: show)
        routes.onPage(.post, "/operator/login-link", use: makeLink)
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let organization: OrganizationID? = query.numericID("organization")
        let part = query.page()
        try query.finish()
        let visitor = try visitor(context)
        guard let organization else { return .page(try await page(visitor, part)) }
        _ = try await dependencies.repository.membership(in: organization, as: visitor.session.principal)
        return .see("/organizations/\(organization)/keys")
    }

    @Sendable private func makeLink(_ request: Request, _ context: APIContext) async throws -> Response {
        let visitor = try visitor(context)
        let form = try await request.form()
        guard form.says(visitor.formToken, in: "form_token") else { throw Problem.staleForm }
        guard let organization = form.number("organization"), let user = form.number("user") else {
            return .page(
                try await page(visitor, error: "Enter both IDs as whole numbers."), status: .unprocessableContent)
        }
        do {
            let link = try await dependencies.repository.makeLoginLink(
                for: UserID(user), of: OrganizationID(organization), as: visitor.session.principal)
            return .page(try await page(visitor, link: "/login/\(link.token.reveal())"))
        } catch RepositoryError.notFound {
            let text = "That organization has no such member."
            return .page(try await page(visitor, error: text), status: .unprocessableContent)
        }
    }

    private func page(
        _ visitor: Visitor, _ part: PageRequest = PageRequest(), error: String? = nil, link: String? = nil
    ) async throws -> OperatorPage {
        let found = try await dependencies.repository.organizations(page: part, as: visitor.session.principal)
        return OperatorPage(visitor, found, error: error, link: link)
    }

    private func visitor(_ context: APIContext) throws(Problem) -> Visitor {
        guard let visitor = context.visitor else { throw .unauthenticated }
        guard visitor.session.principal == .operator else { throw .notFound }
        return visitor
    }
}

struct OperatorPage: PageModel {
    struct Line: Sendable {
        let number: String
        let name: String
        let path: String
        let since: TimeView
    }

    static let template = "operator"
    let frame: PageFrame
    let organizations: [Line]
    let nextPath: String?
    let error: String?
    /// The link, shown once.
    let link: String?

    init(_ visitor: Visitor, _ found: Page<Organization>, error: String?, link: String?) {
        var frame = PageFrame(title: "Operator")
        frame.who = "Operator"
        frame.formToken = visitor.formToken
        frame.isError = error != nil
        self.frame = frame
        organizations = found.items.map(Line.init)
        nextPath = found.next.map { "/operator?cursor=\($0.text(of: "/operator"))" }
        self.error = error
        self.link = link
    }
}

extension OperatorPage.Line {
    fileprivate init(_ organization: Organization) {
        number = organization.id.description
        name = DisplayText.line(organization.name)
        path = "/organizations/\(organization.id)/keys"
        since = TimeView(organization.createdAt)
    }
}
