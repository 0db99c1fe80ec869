import Hummingbird
import Notifications
import Repository
import WebServing

struct MemberRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization/members"
        routes.on(.get, path, query: true, use: list)
        routes.on(.get, path + "/:user", use: show)
        routes.on(.put, path + "/:user", use: save)
        routes.on(.delete, path + "/:user", use: remove)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request)
        let page = try await repository.members(of: context.organization, page: part, as: context.principal)
        return .json(page.json(of: request, \.json))
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let user: UserID = try context.numericID("user")
        return .json(try await repository.member(user, of: context.organization, as: context.principal).json)
    }

    @Sendable private func save(_ request: Request, _ context: APIContext) async throws -> Response {
        let user: UserID = try context.numericID("user")
        var fields = FieldReader(try await request.json())
        let word = fields.text("role", bytes: 64)
        let role = word.flatMap(Role.init(word:))
        if word != nil, role == nil { fields.reject("role", "Must be one of owner, admin, member.") as Void? }
        let profile = fields.profile()
        try fields.finish()
        guard let role else { throw InvalidInput(fields.errors) }
        let saved = try await repository.saveMember(
            user, role: role, profile: profile, in: context.organization, as: context.principal)
        return .saved(saved.member.json, at: request, isNew: saved.isNew)
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let user: UserID = try context.numericID("user")
        try await repository.removeMember(user, of: context.organization, as: context.principal)
        return .noContent
    }
}

extension FieldReader {
    /// Reads `display_name` and `email`; what is left out stays as it is, and null removes it.
    fileprivate mutating func profile() -> MemberProfileChange {
        var change = MemberProfileChange()
        if let value = value("display_name") {
            change.name = .some(
                value == .null ? nil : text("display_name", bytes: MemberProfile.nameBytes))
        }
        if let value = value("email") {
            let typed = value == .null ? nil : text("email", bytes: 254)
            let address = typed.flatMap { MailAddress($0) }
            if typed != nil, address == nil {
                reject("email", "Must be a plain mail address, such as anna@example.org.") as Void?
            }
            change.email = .some(address)
        }
        return change
    }
}
