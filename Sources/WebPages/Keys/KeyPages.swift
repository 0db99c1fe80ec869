import Hummingbird
import Notifications
import Repository
import WebServing

struct KeyPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "keys", query: true, in: .keys, of: &routes, use: show)
        dependencies.on(.post, "keys", in: .keys, of: &routes, use: make)
        dependencies.on(.post, "keys/:key/remove", in: .keys, of: &routes, use: remove)
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        var query = QueryReader(request)
        let notice = page.notice(&query)
        let part = ListPart(query.longPart(), of: page.path("keys"))
        try query.finish()
        return .page(try await model(page, part, notice: notice))
    }

    /// Only this response ever shows the key.
    @Sendable private func make(_ request: Request, _ page: PageContext) async throws -> Response {
        let (form, isStale) = try await page.typedForm(request)
        var draft = KeyForm(form)
        guard !isStale else {
            draft.errors = [.staleForm]
            return .page(try await model(page, draft: draft), status: .forbidden)
        }
        guard draft.errors.isEmpty, let holder = draft.holder else {
            return .page(try await model(page, draft: draft), status: .unprocessableContent)
        }
        do {
            let made = try await dependencies.repository.makeKey(
                name: draft.name, holder: holder, defaults: draft.defaults, expiresAt: draft.expiresAt,
                in: page.organization, by: draft.token, as: page.principal)
            return .page(try await model(page, newKey: made.key.reveal()))
        } catch RepositoryError.alreadyCreated {
            return .see(page.path("keys") + "?done=\(PageNotice.keyCreatedBefore.rawValue)")
        } catch RepositoryError.invalid(let error) {
            draft.errors = error.errors
            return .page(try await model(page, draft: draft), status: .unprocessableContent)
        }
    }

    @Sendable private func remove(_ request: Request, _ page: PageContext) async throws -> Response {
        let key: KeyID = try page.context.uniqueID("key")
        let part = ListPart(try await page.form(request), of: page.path("keys"))
        try await dependencies.repository.removeKey(key, of: page.organization, as: page.principal)
        return .see(part.path(of: page.path("keys"), done: .keyRemoved))
    }

    private func model(
        _ page: PageContext, _ part: ListPart = .first, notice: PageNotice? = nil, draft: KeyForm? = nil,
        newKey: String? = nil
    ) async throws -> KeysPage {
        try await dependencies.require(.manageKeys, page.mayManageKeys, for: "keys.list", page)
        let found = try await dependencies.repository.keys(
            of: page.organization, page: part.request, as: page.principal)
        let (keys, path) = (found.items, page.path("keys"))
        let ofSessions = try await dependencies.repository.keysOfSessions(of: page.organization, as: page.principal)
        let names = try await dependencies.names(keys.compactMap(\.actor), page)
        let views = { (keys: [KeyDescription]) in
            keys.map { KeyView($0, names, path: "\(path)/\($0.id)/remove") }
        }
        let errors = draft?.errors ?? []
        return KeysPage(
            frame: page.frame(notice: notice, isError: !errors.isEmpty),
            mistakes: ErrorSummary(errors, places: KeysPage.places),
            tables: [
                KeyTableView(
                    id: "keys-title", title: "Of people and programs", help: nil,
                    keys: views(keys.filter { !ofSessions.contains($0.id) })),
                KeyTableView(
                    id: "sessions-title", title: "Signed in by a one-time link",
                    help: "Each of these keys was made for one browser, and ends with its session.",
                    keys: views(keys.filter { ofSessions.contains($0.id) })),
            ].filter { !$0.keys.isEmpty }, isEmpty: keys.isEmpty,
            nextPath: part.path(of: path, next: found.next),
            part: part.text, path: path, creation: (draft?.token ?? RandomToken()).reveal(), newKey: newKey,
            name: draft?.name ?? "", user: draft?.user ?? "",
            project: draft?.project ?? "", runUser: draft?.runUser ?? "",
            expires: draft?.expires ?? "", isService: draft.map { $0.isService } ?? false,
            nameError: errors.message(of: "name"), userError: errors.message(of: "user_id"),
            projectError: errors.message(of: "default_project_id"), runUserError: errors.message(of: "default_user_id"),
            expiryError: errors.message(of: "expires_at"))
    }
}

/// The parsed form for a new key.
struct KeyForm: Sendable {
    /// What tells this form from others.
    let token: RandomToken?
    let name: String
    let user: String
    let project: String
    let runUser: String
    let expires: String
    let isService: Bool
    let holder: KeyHolder?
    let defaults: KeyDefaults
    let expiresAt: Timestamp?
    var errors: [ValidationError] = []

    init(_ form: FormBody) {
        token = form.text("creation").flatMap { RandomToken($0) }
        name = form.text("name") ?? ""
        user = form.text("user") ?? ""
        project = form.text("project") ?? ""
        runUser = form.text("run_user") ?? ""
        expires = form.text("expires") ?? ""
        isService = form.says("service", in: "holder")
        holder = isService ? .service([.writeEvents]) : form.number("user").map { .user(UserID($0)) }
        defaults =
            isService
            ? KeyDefaults(
                projectID: form.number("project").map { ProjectID($0) },
                userID: form.number("run_user").map { UserID($0) })
            : .none
        expiresAt = form.filled("expires").flatMap { Timestamp(typed: $0) }
        if let error = LineText.error(in: name, bytes: 200) { errors.append(ValidationError("name", error)) }
        if holder == nil { errors.append(ValidationError("user_id", "Enter the user's ID, a whole number.")) }
        if isService, !project.isEmpty, defaults.projectID == nil {
            errors.append(ValidationError("default_project_id", "Enter the project's ID, a whole number."))
        }
        if isService, !runUser.isEmpty, defaults.userID == nil {
            errors.append(ValidationError("default_user_id", "Enter the user's ID, a whole number."))
        }
        if !expires.isEmpty, expiresAt == nil {
            errors.append(ValidationError("expires_at", "Enter a date such as 2027-01-01."))
        }
    }
}

struct KeysPage: PageModel {
    static let template = "keys"
    static let places: [ErrorSummary.Place] = [
        .init(field: "name", label: "Name", target: "name"), .init(field: "user_id", label: "User", target: "user"),
        .init(field: "default_project_id", label: "Project of the runs", target: "project"),
        .init(field: "default_user_id", label: "User who starts the runs", target: "run-user"),
        .init(field: "expires_at", label: "Expires", target: "expires"),
    ]
    let frame: PageFrame
    let mistakes: ErrorSummary?
    let tables: [KeyTableView]
    let isEmpty: Bool
    let nextPath: String?
    /// The part of the list, as a query.
    let part: String
    let path: String
    /// Tells the form from others.
    let creation: String
    /// The new key, for the only time that it is shown.
    let newKey: String?
    let name: String
    let user: String
    let project: String
    let runUser: String
    let expires: String
    let isService: Bool
    let nameError: String?
    let userError: String?
    let projectError: String?
    let runUserError: String?
    let expiryError: String?
}

/// Keys of people and programs, or those that sessions made.
struct KeyTableView: Sendable {
    let id: String
    let title: String
    let help: String?
    let keys: [KeyView]
}

struct KeyView: Sendable {
    let name: String
    let holder: String
    let defaults: String?
    let prefix: String
    let expiresAt: TimeView?
    let createdAt: TimeView
    let removePath: String

    init(_ key: KeyDescription, _ names: DisplayNames, path: String) {
        name = DisplayText.line(key.name)
        switch key.holder {
        case .user(let user): holder = names.name(user)
        case .service(let scopes): holder = "Service, \(scopes.map(\.rawValue).joined(separator: ", "))"
        }
        let parts = [
            key.defaults.projectID.map { "project \($0)" }, key.defaults.userID.map { "user \($0)" },
        ].compactMap { $0 }
        defaults = parts.isEmpty ? nil : "Runs: \(parts.joined(separator: ", "))"
        prefix = key.prefix
        expiresAt = TimeView(key.expiresAt)
        createdAt = TimeView(key.createdAt)
        removePath = path
    }
}

extension KeyDescription {
    /// Whom a personal key acts as, in the audit log's words.
    fileprivate var actor: String? {
        if case .user(let user) = holder { "user:\(user)" } else { nil }
    }
}
