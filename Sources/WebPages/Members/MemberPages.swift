import HTTPTypes
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
            return try await again(page, form, "Enter the user's ID, a whole number.")
        }
        let typed = MemberForm(form)
        if let error = typed.error { return try await again(page, form, error) }
        do throws(RepositoryError) {
            _ = try await dependencies.repository.saveMember(
                UserID(user), role: role, profile: typed.change, in: page.organization, as: page.principal)
            return .see(page.path("members") + "?done=\(PageNotice.memberSaved.rawValue)")
        } catch {
            guard case .conflict(let text) = error else { throw error }
            return try await again(page, form, text, status: .conflict)
        }
    }

    private func again(
        _ page: PageContext, _ form: FormBody, _ error: String, status: HTTPResponse.Status = .unprocessableContent
    ) async throws -> Response {
        .page(try await model(page, typed: form, error: error), status: status)
    }

    @Sendable private func remove(_ request: Request, _ page: PageContext) async throws -> Response {
        let user: UserID = try page.context.numericID("user")
        _ = try await page.form(request)
        try await dependencies.repository.removeMember(user, of: page.organization, as: page.principal)
        return .see(page.path("members") + "?done=\(PageNotice.memberRemoved.rawValue)")
    }

    private func model(
        _ page: PageContext, notice: PageNotice? = nil, typed: FormBody? = nil, error: String? = nil
    ) async throws -> MembersPage {
        try await dependencies.require(.administer, page.mayAdminister, for: "members.list", page)
        let members = try await dependencies.repository.members(of: page.organization, as: page.principal)
        return MembersPage(
            frame: page.frame(notice: notice),
            members: members.map { MemberView($0, path: page.path("members/\($0.userID)/remove")) },
            roles: Role.allCases.reversed().map { .init(value: $0.rawValue, label: $0.rawValue, isChosen: false) },
            path: page.path("members"), typed: typed?.text("user") ?? "", typedName: typed?.text("name") ?? "",
            typedEmail: typed?.text("email") ?? "", error: error)
    }
}

struct MembersPage: PageModel {
    static let template = "members"
    let frame: PageFrame
    let members: [MemberView]
    let roles: [FilterChoice]
    let path: String
    let typed: String
    let typedName: String
    let typedEmail: String
    let error: String?
}

/// What a form says about a member. An empty field removes what was there; a missing one does not.
struct MemberForm {
    private(set) var change = MemberProfileChange()
    /// A whole sentence.
    private(set) var error: String?

    init(_ form: FormBody) {
        if form.has("name") {
            let name = form.filled("name")
            change.name = .some(name)
            error = name.flatMap { LineText.error(in: $0, bytes: MemberProfile.nameBytes) }.map { "Name: \($0)" }
        }
        if form.has("email") {
            let typed = form.filled("email")
            let address = typed.flatMap { MailAddress($0) }
            change.email = .some(address)
            if typed != nil, address == nil { error = "Enter a plain mail address, such as anna@example.org." }
        }
    }
}

struct MemberView: Sendable {
    let user: String
    /// `Anna` or `User 7`.
    let who: String
    let name: String
    let email: String
    let role: String
    let roles: [FilterChoice]
    let since: TimeView
    let removePath: String

    init(_ member: Member, path: String) {
        user = member.userID.description
        who = member.profile.name.map(DisplayText.line) ?? "User \(member.userID)"
        name = member.profile.name ?? ""
        email = member.profile.email?.text ?? ""
        role = member.role.rawValue
        roles = Role.allCases.map {
            .init(value: $0.rawValue, label: $0.rawValue, isChosen: $0 == member.role)
        }
        since = TimeView(member.createdAt)
        removePath = path
    }
}
