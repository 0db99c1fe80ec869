import Hummingbird
import Notifications
import Repository

struct KeyPages {
    let house: PageHouse

    func add(to routes: inout RouteTable) {
        house.on(.get, "keys", query: true, in: .keys, of: &routes, use: show)
        house.on(.post, "keys", in: .keys, of: &routes, use: make)
        house.on(.post, "keys/:key/remove", in: .keys, of: &routes, use: remove)
    }

    @Sendable private func show(_ request: Request, _ visit: Visit) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = visit.notice(&query)
        try query.finish()
        return .page(try await page(visit, notice: notice))
    }

    /// The answer is the only page that ever shows the key.
    @Sendable private func make(_ request: Request, _ visit: Visit) async throws -> Response {
        let draft = KeyForm(try await visit.form(request))
        guard draft.mistakes.isEmpty, let holder = draft.holder else {
            return .page(try await page(visit, draft: draft), status: .unprocessableContent)
        }
        do {
            let made = try await house.repository.makeKey(
                name: draft.name, holder: holder, expiresAt: draft.expiresAt, in: visit.organization,
                as: visit.principal)
            return .page(try await page(visit, newKey: made.key.reveal()))
        } catch RepositoryError.invalid(let error) {
            var draft = draft
            draft.mistakes = error.mistakes
            return .page(try await page(visit, draft: draft), status: .unprocessableContent)
        }
    }

    @Sendable private func remove(_ request: Request, _ visit: Visit) async throws -> Response {
        let key: KeyID = try visit.context.uniqueID("key")
        _ = try await visit.form(request)
        try await house.repository.removeKey(key, of: visit.organization, as: visit.principal)
        return .see(visit.path("keys") + "?done=\(PageNotice.keyRemoved.rawValue)")
    }

    private func page(
        _ visit: Visit, notice: PageNotice? = nil, draft: KeyForm? = nil, newKey: String? = nil
    ) async throws -> KeysPage {
        try await house.require(.manageKeys, visit.mayManageKeys, for: "keys.list", visit)
        let keys = try await house.repository.keys(of: visit.organization, as: visit.principal)
        let message = { (field: String) in draft?.mistakes.first { $0.field == field }?.message }
        return KeysPage(
            frame: visit.frame(notice: notice),
            keys: keys.map { KeyView($0, path: visit.path("keys/\($0.id)/remove")) },
            path: visit.path("keys"), newKey: newKey, name: draft?.name ?? "", user: draft?.user ?? "",
            expires: draft?.expires ?? "", isService: draft.map { $0.isService } ?? false,
            nameMistake: message("name"), userMistake: message("user_id"), expiryMistake: message("expires_at"))
    }
}

/// The form for a new key, read.
struct KeyForm: Sendable {
    let name: String
    let user: String
    let expires: String
    let isService: Bool
    let holder: KeyHolder?
    let expiresAt: Timestamp?
    var mistakes: [FieldMistake] = []

    init(_ form: FormBody) {
        name = form.text("name") ?? ""
        user = form.text("user") ?? ""
        expires = form.text("expires") ?? ""
        isService = form.says("service", in: "holder")
        holder = isService ? .service([.writeEvents]) : form.number("user").map { .user(UserID($0)) }
        expiresAt = form.filled("expires").flatMap { Timestamp(typed: $0) }
        if let mistake = LineText.mistake(in: name, bytes: 200) { mistakes.append(FieldMistake("name", mistake)) }
        if holder == nil { mistakes.append(FieldMistake("user_id", "Enter the user's ID, a whole number.")) }
        if !expires.isEmpty, expiresAt == nil {
            mistakes.append(FieldMistake("expires_at", "Enter a date such as 2027-01-01."))
        }
    }
}

struct KeysPage: PageModel {
    static let template = "keys"
    let frame: PageFrame
    let keys: [KeyView]
    let path: String
    /// The key that was just made, for the one time when it is shown.
    let newKey: String?
    let name: String
    let user: String
    let expires: String
    let isService: Bool
    let nameMistake: String?
    let userMistake: String?
    let expiryMistake: String?
}

struct KeyView: Sendable {
    let name: String
    let holder: String
    let prefix: String
    let expiresAt: TimeView?
    let createdAt: TimeView
    let removePath: String

    init(_ key: KeyDescription, path: String) {
        name = DisplayText.line(key.name)
        switch key.holder {
        case .user(let user): holder = "User \(user)"
        case .service(let scopes): holder = "Service, \(scopes.map(\.rawValue).joined(separator: ", "))"
        }
        prefix = key.prefix
        expiresAt = TimeView(key.expiresAt)
        createdAt = TimeView(key.createdAt)
        removePath = path
    }
}
