import Hummingbird
import Notifications
import Repository
import WebServing

struct LoginLinkRoutes {
    let repository: Repository
    /// The origin that browsers see, if configured.
    let publicOrigin: String?

    func add(to routes: inout RouteTable) {
        routes.on(.post, "/v1/organizations/:organization/login-links", use: make)
    }

    /// Takes `{user_id}`. The link is shown only in this response.
    @Sendable private func make(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var fields = FieldReader(try await request.json())
        let user = fields.integer("user_id")
        try fields.finish()
        guard let user else { throw InvalidInput(fields.errors) }
        let link = try await repository.makeLoginLink(for: UserID(user), of: organization, as: context.principal)
        let path = "/login/\(link.token.reveal())"
        return .json(
            [
                "path": .string(path), "url": JSONValue(publicOrigin.map { $0 + path }),
                "expires_at": JSONValue(link.endsAt),
            ],
            status: .created)
    }
}
