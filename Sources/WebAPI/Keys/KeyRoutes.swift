import Hummingbird
import Notifications
import Repository
import WebServing

struct KeyRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization/keys"
        routes.on(.get, "/v1/key", use: own)
        routes.on(.get, path, query: true, use: list)
        routes.on(.post, path, use: make)
        routes.on(.delete, path + "/:key", use: remove)
    }

    /// What the caller's key is: programs learn their organization from it, and their runs' defaults.
    @Sendable private func own(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(.object(try await repository.ownKey(as: context.principal).json))
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request)
        let page = try await repository.keys(of: context.organization, page: part, as: context.principal)
        return .json(page.json(of: request) { .object($0.json) })
    }

    /// The key itself is shown only in this response.
    @Sendable private func make(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var fields = FieldReader(try await request.json())
        let name = fields.text("name", bytes: 200)
        let holder = fields.keyHolder()
        let defaults = fields.keyDefaults(of: holder)
        let expiresAt = fields.time("expires_at", .orNull)
        try fields.finish()
        guard let name, let holder else { throw InvalidInput(fields.errors) }
        let made = try await repository.makeKey(
            name: name, holder: holder, defaults: defaults, expiresAt: expiresAt, in: organization,
            as: context.principal)
        var object = made.description.json
        object["key"] = .string(made.key.reveal())
        return .json(.object(object), status: .created)
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let key: KeyID = try context.uniqueID("key")
        try await repository.removeKey(key, of: context.organization, as: context.principal)
        return .noContent
    }
}

extension FieldReader {
    /// Reads `default_project_id` and `default_user_id`, which only a service key has.
    fileprivate mutating func keyDefaults(of holder: KeyHolder?) -> KeyDefaults {
        let project = integer("default_project_id", .orNull)
        let user = integer("default_user_id", .orNull)
        if case .user = holder {
            for (key, value) in [("default_project_id", project), ("default_user_id", user)] where value != nil {
                reject(key, "Only service keys have defaults.") as Void?
            }
        }
        return KeyDefaults(projectID: project.map { ProjectID($0) }, userID: user.map { UserID($0) })
    }

    /// Reads `user_id` or `scopes`; exactly one of them is required.
    fileprivate mutating func keyHolder() -> KeyHolder? {
        let user = integer("user_id", .orNull)
        let words = array("scopes", .orNull, atMost: 16)
        let given = [value("user_id"), value("scopes")].filter { $0 != nil && $0 != .null }
        guard given.count == 1 else {
            return reject("user_id", "Exactly one of user_id (a personal key) and scopes (a service key) is required.")
        }
        if let user { return .user(UserID(user)) }
        guard let words else { return nil }
        let scopes = words.compactMap { $0.string.flatMap(KeyScope.init(word:)) }
        let known = KeyScope.allCases.map(\.rawValue).joined(separator: ", ")
        guard !words.isEmpty, scopes.count == words.count, Set(scopes).count == scopes.count else {
            return reject(
                "scopes",
                "Must be a list of \(known), without duplicates."
            )
        }
        return .service(scopes)
    }
}
