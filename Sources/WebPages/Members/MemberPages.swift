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
        var query = QueryReader(request)
        let notice = page.notice(&query)
        let part = ListPart(query.longPart(), of: page.path("members"))
        try query.finish()
        return .page(try await model(page, part, notice: notice))
    }

    @Sendable private func save(_ request: Request, _ page: PageContext) async throws -> Response {
        let (form, isStale) = try await page.typedForm(request)
        let part = ListPart(form, of: page.path("members"))
        let again = { (errors: [ValidationError], seen: String) in
            try await model(page, part, typed: form, seen: seen, errors: errors)
        }
        let seen = form.text("seen")
        guard !isStale else { return .page(try await again([.staleForm], seen ?? ""), status: .forbidden) }
        let typed = MemberForm(form)
        guard typed.errors.isEmpty, let user = typed.user, let role = typed.role else {
            return .page(try await again(typed.errors, seen ?? ""), status: .unprocessableContent)
        }
        do throws(RepositoryError) {
            _ = try await dependencies.repository.saveMember(
                user, role: role, profile: typed.change, seen: seen, in: page.organization, as: page.principal)
            return .see(part.path(of: page.path("members"), done: .memberSaved))
        } catch {
            guard case .conflict(let text) = error else { throw error }
            let saved = form.filled("seen") == nil ? "" : try await hash(of: user, page)
            return .page(try await again([ValidationError("role", text)], saved), status: .conflict)
        }
    }

    @Sendable private func remove(_ request: Request, _ page: PageContext) async throws -> Response {
        let user: UserID = try page.context.numericID("user")
        let part = ListPart(try await page.form(request), of: page.path("members"))
        try await dependencies.repository.removeMember(user, of: page.organization, as: page.principal)
        return .see(part.path(of: page.path("members"), done: .memberRemoved))
    }

    private func model(
        _ page: PageContext, _ part: ListPart, notice: PageNotice? = nil, typed: FormBody? = nil, seen: String = "",
        errors: [ValidationError] = []
    ) async throws -> MembersPage {
        try await dependencies.require(.administer, page.mayAdminister, for: "members.list", page)
        let found = try await dependencies.repository.members(
            of: page.organization, page: part.request, as: page.principal)
        let path = page.path("members")
        return MembersPage(
            frame: page.frame(notice: notice, isError: !errors.isEmpty), seen: seen, part: part.text,
            members: found.items.map { MemberView($0, path: "\(path)/\($0.userID)/remove") },
            nextPath: part.path(of: path, next: found.next),
            roles: Role.allCases.reversed().map {
                .init(value: $0.rawValue, label: $0.rawValue, isChosen: typed?.says($0.rawValue, in: "role") ?? false)
            },
            path: path, typed: typed?.text("user") ?? "", typedName: typed?.text("name") ?? "",
            typedEmail: typed?.text("email") ?? "", mistakes: ErrorSummary(errors, places: MembersPage.places),
            userError: errors.message(of: "user"), nameError: errors.message(of: "name"),
            emailError: errors.message(of: "email"), roleError: errors.message(of: "role"))
    }

    /// The content hash of a member that is saved now; empty if there is none any more.
    private func hash(of user: UserID, _ page: PageContext) async throws(RepositoryError) -> String {
        do throws(RepositoryError) {
            return try await dependencies.repository.member(user, of: page.organization, as: page.principal).contentHash
        } catch .notFound {
            return ""
        }
    }
}

struct MembersPage: PageModel {
    static let template = "members"
    static let places: [ErrorSummary.Place] = [
        .init(field: "user", label: "User", target: "user"), .init(field: "name", label: "Name", target: "name"),
        .init(field: "email", label: "Email address", target: "email"),
        .init(field: "role", label: "Role", target: "role"),
    ]
    let frame: PageFrame
    /// The content hash of the member that the form at the end is about; empty for a new one.
    let seen: String
    /// The part of the list, as a query.
    let part: String
    let members: [MemberView]
    let nextPath: String?
    let roles: [FilterChoice]
    let path: String
    let typed: String
    let typedName: String
    let typedEmail: String
    let mistakes: ErrorSummary?
    let userError: String?
    let nameError: String?
    let emailError: String?
    let roleError: String?
}

/// What a form says about a member. An empty field removes what was there; a missing one does not.
struct MemberForm {
    let user: UserID?
    let role: Role?
    private(set) var change = MemberProfileChange()
    private(set) var errors: [ValidationError] = []

    init(_ form: FormBody) {
        user = form.number("user").map { UserID($0) }
        role = form.text("role").flatMap(Role.init(word:))
        if user == nil { errors.append(ValidationError("user", "Enter the user's ID, a whole number.")) }
        if form.has("name") {
            let name = form.filled("name")
            change.name = .some(name)
            let error = name.flatMap { LineText.error(in: $0, bytes: MemberProfile.nameBytes) }
            if let error { errors.append(ValidationError("name", error)) }
        }
        if form.has("email") {
            let typed = form.filled("email")
            let address = typed.flatMap { MailAddress($0) }
            change.email = .some(address)
            if typed != nil, address == nil {
                errors.append(ValidationError("email", "Enter a plain email address, such as anna@example.org."))
            }
        }
        if role == nil {
            let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
            errors.append(ValidationError("role", "Choose one of \(roles)."))
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
    /// The content hash of what is shown.
    let seen: String
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
        seen = member.contentHash
        removePath = path
    }
}
