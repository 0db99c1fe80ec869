import Hummingbird
import Notifications
import Repository
import WebServing

struct MemberPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "members", query: true, in: .members, of: &routes, use: show)
        dependencies.on(.post, "members", in: .members, of: &routes, use: save)
        dependencies.on(.post, "members/:user/remove", in: .members, of: &routes, use: remove)
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = page.notice(&query)
        try query.finish()
        return .page(try await model(page, notice: notice))
    }

    @Sendable private func save(_ request: Request, _ page: PageContext) async throws -> Response {
        let form = try await page.form(request)
        guard let user = form.number("user"), let role = form.text("role").flatMap(Role.init(word:)) else {
            let text = "Enter the user's ID, a whole number."
            return .page(
                try await model(page, typed: form.text("user"), error: text), status: .unprocessableContent)
        }
        do throws(RepositoryError) {
            _ = try await dependencies.repository.saveMember(
                UserID(user), role: role, in: page.organization, as: page.principal)
            return .see(page.path("members") + "?done=\(PageNotice.memberSaved.rawValue)")
        } catch {
            guard case .conflict(let text) = error else { throw error }
            return .page(try await model(page, typed: form.text("user"), error: text), status: .conflict)
        }
    }

    @Sendable private func remove(_ request: Request, _ page: PageContext) async throws -> Response {
        let user: UserID = try page.context.numericID("user")
        _ = try await page.form(request)
        try await dependencies.repository.removeMember(user, of: page.organization, as: page.principal)
        return .see(page.path("members") + "?done=\(PageNotice.memberRemoved.rawValue)")
    }

    private func model(
        _ page: PageContext, notice: PageNotice? = nil, typed: String? = nil, error: String? = nil
    ) async throws -> MembersPage {
        try await dependencies.require(.administer, page.mayAdminister, for: "members.list", page)
        let members = try await dependencies.repository.members(of: page.organization, as: page.principal)
        return MembersPage(
            frame: page.frame(notice: notice),
            members: members.map { MemberView($0, path: page.path("members/\($0.userID)/remove")) },
            roles: Role.allCases.reversed().map { .init(value: $0.rawValue, label: $0.rawValue, isChosen: false) },
            path: page.path("members"), typed: typed ?? "", error: error)
    }
}

struct MembersPage: PageModel {
    static let template = "members"
    let frame: PageFrame
    let members: [MemberView]
    let roles: [FilterChoice]
    let path: String
    let typed: String
    let error: String?
}

struct MemberView: Sendable {
    let user: String
    let role: String
    let roles: [FilterChoice]
    let since: TimeView
    let removePath: String

    init(_ member: Member, path: String) {
        user = member.userID.description
        role = member.role.rawValue
        roles = Role.allCases.map {
            .init(value: $0.rawValue, label: $0.rawValue, isChosen: $0 == member.role)
        }
        since = TimeView(member.createdAt)
        removePath = path
    }
}
