import Hummingbird
import Notifications
import Repository
import WebServing

/// Login with a key or a single-use link, and logout.
struct LoginPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        routes.onPage(.get, "/", use: start)
        routes.onPage(.get, "/login", query: true, use: show)
        routes.onPage(.post, "/login", use: signIn)
        routes.onPage(.get, "/login/:token", use: showLink)
        routes.onPage(.post, "/login/:token", use: useLink)
        routes.onPage(.post, "/logout", use: signOut)
    }

    @Sendable private func start(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let visitor = context.visitor else { return .see("/login") }
        return .see(Self.home(of: visitor.session.principal))
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let target = query.text("to")
        let isOut = query.text("done")?.sameBytes(as: "signed-out") == true
        try query.finish()
        if let visitor = context.visitor {
            return .see(target.flatMap(Self.known) ?? Self.home(of: visitor.session.principal))
        }
        return .page(LoginPage(target: target.flatMap(Self.known), notice: isOut ? "You are signed out." : nil))
    }

    @Sendable private func signIn(_ request: Request, _ context: APIContext) async throws -> Response {
        let form = try await request.form()
        let target = form.text("to").flatMap(Self.known)
        do {
            let principal = try await dependencies.authentication.principal(
                presenting: form.text("key").flatMap { APIKey($0) }, from: context)
            let token = try await dependencies.authentication.startSession(as: principal)
            try await end(context.visitor)
            return entering(token, target ?? Self.home(of: principal))
        } catch let problem as Problem where problem.status == .unauthorized {
            let text = "This key is not valid. It may be mistyped, removed or expired."
            return .page(LoginPage(target: target, error: text), status: .unauthorized)
        } catch let error as RepositoryError {
            guard case .conflict(let text) = error else { throw error }
            return .page(LoginPage(target: target, error: text), status: .conflict)
        }
    }

    /// Shows whom the link signs in. Viewing the page does not use the link up, because link preview bots view it too.
    @Sendable private func showLink(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let token = context.parameters.get("token").flatMap({ RandomToken($0) }),
            let link = try await dependencies.authentication.authenticator.loginLink(token)
        else { return Self.usedUp }
        return .page(LoginLinkPage(link, path: request.uri.path))
    }

    @Sendable private func useLink(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let link = context.parameters.get("token").flatMap({ RandomToken($0) }),
            let token = try await dependencies.authentication.authenticator.startSession(using: link)
        else { return Self.usedUp }
        try await end(context.visitor)
        return entering(token, "/")
    }

    @Sendable private func signOut(_ request: Request, _ context: APIContext) async throws -> Response {
        let form = try await request.form()
        if let visitor = context.visitor {
            guard form.says(visitor.formToken, in: "form_token") else { throw Problem.staleForm }
            try await end(visitor)
        }
        var response = Response.see("/login?done=signed-out")
        response.headers[.setCookie] = dependencies.cookie.removing
        return response
    }

    /// The previous session, so that a login leaves only one.
    private func end(_ visitor: Visitor?) async throws(RepositoryError) {
        guard let visitor else { return }
        try await dependencies.authentication.authenticator.endSession(visitor.token)
    }

    private func entering(_ token: RandomToken, _ path: String) -> Response {
        var response = Response.see(path)
        response.headers[.setCookie] = dependencies.cookie.setting(token)
        return response
    }

    private static var usedUp: Response {
        .page(
            LoginPage(target: nil, error: "This link has expired or has already been used. Ask for a new one."),
            status: .gone)
    }

    private static func home(of principal: Principal) -> String {
        principal.organizationID.map { "/organizations/\($0)/notifications" } ?? "/operator"
    }

    /// A page of ours to open after login, with its query; anything else would be an open redirect.
    private static func known(_ target: String) -> String? {
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        let isPath = path.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        let isQuery = target.utf8.dropFirst(path.count).allSatisfy { (0x21...0x7E).contains($0) }
        return isPath && isQuery && target.startsWithBytes(of: "/organizations/") ? target : nil
    }
}

struct LoginPage: PageModel {
    static let template = "login"
    let frame: PageFrame
    let target: String?
    let error: String?

    init(target: String?, error: String? = nil, notice: String? = nil) {
        var frame = PageFrame(title: "Sign in")
        frame.notice = notice
        frame.isError = error != nil
        self.frame = frame
        self.target = target
        self.error = error
    }
}

struct LoginLinkPage: PageModel {
    static let template = "login_link"
    let frame = PageFrame(title: "Sign in")
    let organization: String
    let user: String
    let path: String
    let endsAt: TimeView

    init(_ link: LoginLink, path: String) {
        organization = DisplayText.line(link.organization.name)
        user = link.userName.map(DisplayText.line) ?? "User \(link.userID)"
        self.path = path
        endsAt = TimeView(link.endsAt)
    }
}
