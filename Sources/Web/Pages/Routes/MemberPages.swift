import Hummingbird
import Notifications
import Repository

struct MemberPages {
    let house: PageHouse

    func add(to routes: inout RouteTable) {
        house.on(.get, "members", query: true, in: .members, of: &routes, use: show)
        house.on(.post, "members", in: .members, of: &routes, use: save)
        house.on(.post, "members/:user/remove", in: .members, of: &routes, use: remove)
    }

    @Sendable private func show(_ request: Request, _ visit: Visit) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = visit.notice(&query)
        try query.finish()
        return .page(try await page(visit, notice: notice))
    }

    @Sendable private func save(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try await visit.form(request)
        guard let user = form.number("user"), let role = form.text("role").flatMap(Role.init(word:)) else {
            let text = "Enter the user's ID, a whole number."
            return .page(
                try await page(visit, typed: form.text("user"), mistake: text), status: .unprocessableContent)
        }
        do throws(RepositoryError) {
            _ = try await house.repository.saveMember(
                UserID(user), role: role, in: visit.organization, as: visit.principal)
            return .see(visit.path("members") + "?done=\(PageNotice.memberSaved.rawValue)")
        } catch {
            guard case .conflict(let text) = error else { throw error }
            return .page(try await page(visit, typed: form.text("user"), mistake: text), status: .conflict)
        }
    }

    @Sendable private func remove(_ request: Request, _ visit: Visit) async throws -> Response {
        let user: UserID = try visit.context.numericID("user")
        _ = try await visit.form(request)
        try await house.repository.removeMember(user, of: visit.organization, as: visit.principal)
        return .see(visit.path("members") + "?done=\(PageNotice.memberRemoved.rawValue)")
    }

    private func page(
        _ visit: Visit, notice: PageNotice? = nil, typed: String? = nil, mistake: String? = nil
    ) async throws -> MembersPage {
        try await house.require(.administer, visit.mayAdminister, for: "members.list", visit)
        let members = try await house.repository.members(of: visit.organization, as: visit.principal)
        return MembersPage(
            frame: visit.frame(notice: notice),
            members: members.map { MemberView($0, path: visit.path("members/\($0.userID)/remove")) },
            roles: Role.allCases.reversed().map { .init(value: $0.rawValue, label: $0.rawValue, isChosen: false) },
            path: visit.path("members"), typed: typed ?? "", mistake: mistake)
    }
}

struct MembersPage: PageModel {
    static let template = "members"
    let frame: PageFrame
    let members: [MemberView]
    let roles: [FilterChoice]
    let path: String
    let typed: String
    let mistake: String?
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
