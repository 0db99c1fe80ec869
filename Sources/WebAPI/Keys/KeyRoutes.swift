import Hummingbird
import Notifications
import Repository
import WebServing

struct KeyRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization/keys"
        routes.on(.get, path, query: true, use: list)
        routes.on(.post, path, use: make)
        routes.on(.delete, path + "/:key", use: remove)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request)
        let keys = try await repository.keys(of: context.organization, as: context.principal)
        let page = try Page(of: keys, part, id: \.id, position: \.text) { KeyID($0) }
        return .json(page.json(of: request) { .object($0.json) })
    }

    /// The key itself is shown only in this response.
    @Sendable private func make(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var fields = FieldReader(try await request.json())
        let name = fields.text("name", bytes: 200)
        let holder = fields.keyHolder()
        let expiresAt = fields.time("expires_at", .orNull)
        try fields.finish()
        guard let name, let holder else { throw InvalidInput(fields.errors) }
        let made = try await repository.makeKey(
            name: name, holder: holder, expiresAt: expiresAt, in: organization, as: context.principal)
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
