import Notifications

extension Repository {
    /// An organization's keys, oldest first, without the key texts, which are not stored.
    package func keys(
        of organization: OrganizationID, page: PageRequest = PageRequest(), as principal: Principal
    ) async throws(RepositoryError) -> Page<KeyDescription> {
        try await look(organization, .manageKeys, "keys.list", as: principal) { transaction throws(RepositoryError) in
            let keys = try transaction.connection.rows(
                """
                SELECT \(KeyDescription.columns) FROM keys WHERE organization_id = $1 AND key_id > $2
                ORDER BY key_id LIMIT $3
                """,
                [SQLValue(organization), SQLValue(try page.id(of: APIKey.self) ?? .least), SQLValue(page.limit + 1)]
            ) { row in KeyDescription(row, of: organization) }
            return Page(keys, limit: page.limit, position: \.id.text)
        }
    }

    /// The caller's own key.
    package func ownKey(as principal: Principal) async throws(RepositoryError) -> KeyDescription {
        let (organization, id): (OrganizationID, KeyID)
        switch principal {
        case .operator: throw .forbidden(Permission.readOwnKey.requirement)
        case .user(_, let home, let key), .service(let home, let key): (organization, id) = (home, key)
        }
        return try await look(organization, .readOwnKey, "key.read", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            guard let key = try transaction.key(id) else { throw .unauthenticated }
            return key
        }
    }

    /// Throws `unauthenticated` if the caller's key has been removed. For what needs no other permission.
    package func requireKey(as principal: Principal) async throws(RepositoryError) {
        if case .operator = principal { return }
        _ = try await ownKey(as: principal)
    }

    /// The keys that sessions have made for themselves, and that end with them.
    package func keysOfSessions(
        of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Set<KeyID> {
        try await look(organization, .manageKeys, "keys.list", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            Set(
                try transaction.connection.rows(
                    "SELECT key_id FROM sessions WHERE organization_id = $1 AND owns_key = 1", [SQLValue(organization)]
                ) { row in row.id(0) })
        }
    }

    /// Makes a key for a member or for a program. An admin cannot make one for an owner, since it would act as an
    /// owner. Throws `alreadyCreated` if that form has been sent before.
    package func makeKey(
        name: String, holder: KeyHolder, defaults: KeyDefaults = .none, expiresAt: Timestamp?,
        in organization: OrganizationID, by form: RandomToken? = nil, as principal: Principal
    ) async throws(RepositoryError) -> (key: APIKey, description: KeyDescription) {
        try await change(organization, .manageKeys, "key.create", as: principal) {
            transaction throws(RepositoryError) in
            try transaction.requirePower(overKeyOf: holder)
            let id = KeyID(at: transaction.at)
            try transaction.claim(form, creating: id)
            if let expiresAt, expiresAt <= transaction.at {
                throw .invalid(InvalidInput("expires_at", "Must be in the future."))
            }
            let key = APIKey()
            let description = KeyDescription(
                id: id, organizationID: organization, name: name, holder: holder,
                defaults: defaults, prefix: key.prefix, expiresAt: expiresAt, createdAt: transaction.at)
            try description.insert(key, on: transaction.connection)
            try transaction.audit("key.created", "key:\(description.id)", description.shown)
            return (key, description)
        }
    }

    /// Removes a key and the sessions started with it. Throws `notFound` if there is no such key.
    package func removeKey(
        _ id: KeyID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) {
        try await change(organization, .manageKeys, "key.remove", as: principal) {
            transaction throws(RepositoryError) in
            guard let description = try transaction.key(id) else { throw .notFound("key") }
            try transaction.requirePower(overKeyOf: description.holder)
            try transaction.connection.execute(
                "DELETE FROM keys WHERE organization_id = $1 AND key_id = $2", [SQLValue(organization), SQLValue(id)])
            try transaction.audit("key.removed", "key:\(id)", description.shown)
        }
    }
}

extension Transaction {
    fileprivate func key(_ id: KeyID) throws(RepositoryError) -> KeyDescription? {
        try connection.row(
            "SELECT \(KeyDescription.columns) FROM keys WHERE organization_id = $1 AND key_id = $2",
            [SQLValue(organization), SQLValue(id)]
        ) { row in KeyDescription(row, of: organization) }
    }

    /// The user must be a member. Only an owner or the operator may manage keys that act as an owner.
    fileprivate func requirePower(overKeyOf holder: KeyHolder) throws(RepositoryError) {
        guard case .user(let user) = holder else { return }
        guard let role = try Authorization.role(of: user, in: organization, on: connection) else {
            throw .invalid(InvalidInput("user_id", "This user is not a member of the organization."))
        }
        guard role == .owner, case .user(let caller, _, _) = principal else { return }
        guard try Authorization.role(of: caller, in: organization, on: connection) == .owner else {
            throw .forbidden("Only owners of the organization can do this.")
        }
    }
}

extension KeyDescription {
    static let columns =
        "key_id, name, user_id, scopes, public_id, expires_at, created_at, default_project_id, "
        + "default_user_id"

    fileprivate init(_ row: any SQLRow, of organization: OrganizationID) {
        let holder = row.optionalNumber(2).map { KeyHolder.user($0) } ?? .service(KeyScope.list(row.text(3)))
        let defaults = KeyDefaults(
            projectID: row.optionalNumber(7), userID: row.optionalNumber(8))
        self.init(
            id: row.id(0), organizationID: organization, name: row.text(1), holder: holder, defaults: defaults,
            prefix: "rb_\(row.text(4))",
            expiresAt: row.optionalTime(5), createdAt: row.time(6))
    }

    func insert(_ key: APIKey, on connection: any SQLConnection) throws(RepositoryError) {
        let (user, scopes): (UserID?, String?) =
            switch holder {
            case .user(let user): (user, nil)
            case .service(let scopes): (nil, KeyScope.text(scopes))
            }
        try connection.execute(
            """
            INSERT INTO keys (organization_id, key_id, public_id, secret_hash, name, user_id, scopes, expires_at, created_at,
                default_project_id, default_user_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                SQLValue(organizationID), SQLValue(id), SQLValue(key.publicID), .blob(Array(key.hash)), SQLValue(name),
                SQLValue(user), SQLValue(scopes), SQLValue(expiresAt), SQLValue(createdAt),
                SQLValue(defaults.projectID), SQLValue(defaults.userID),
            ])
    }

    /// For the audit log.
    fileprivate var shown: JSONValue {
        switch holder {
        case .user(let user): ["name": .string(name), "user_id": JSONValue(user), "expires_at": JSONValue(expiresAt)]
        case .service(let scopes):
            [
                "name": .string(name), "scopes": .array(scopes.map { .string($0.rawValue) }),
                "expires_at": JSONValue(expiresAt), "default_project_id": JSONValue(defaults.projectID),
                "default_user_id": JSONValue(defaults.userID),
            ]
        }
    }
}
