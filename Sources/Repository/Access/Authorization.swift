import Notifications

/// What a principal may do, according to the current state of the database.
enum Authorization {
    /// Throws `unauthenticated` if the key is gone, `notFound` if the caller does not belong to the organization (as if
    /// there were none), and `forbidden` if a member lacks the permission.
    static func check(
        _ principal: Principal, _ permission: Permission, in organization: OrganizationID, at time: Timestamp,
        on connection: any SQLConnection
    ) throws(RepositoryError) {
        switch principal {
        case .operator:
            try requireOrganization(organization, on: connection)
            guard permission.isHeldByOperator else { throw .forbidden(permission.requirement) }
        case .user(let user, let home, let key):
            _ = try requireKey(key, of: home, at: time, on: connection)
            guard home == organization else { throw .organizationNotFound }
            guard let role = try role(of: user, in: organization, on: connection) else { throw .organizationNotFound }
            guard permission.isHeld(by: role) else { throw .forbidden(permission.requirement) }
        case .service(let home, let key):
            let scopes = try requireKey(key, of: home, at: time, on: connection)
            guard home == organization else { throw .organizationNotFound }
            guard permission.isHeld(by: scopes) else { throw .forbidden(permission.requirement) }
        }
    }

    static func role(
        of user: UserID, in organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> Role? {
        let word = try connection.row(
            "SELECT role FROM members WHERE organization_id = $1 AND user_id = $2",
            [SQLValue(organization), SQLValue(user)]
        ) { row in row.text(0) }
        return word.flatMap(Role.init(rawValue:))
    }

    private static func requireOrganization(
        _ organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) {
        let found = try connection.row(
            "SELECT 1 FROM organizations WHERE organization_id = $1", [SQLValue(organization)]
        ) { row in row.integer(0) }
        guard found != nil else { throw .organizationNotFound }
    }

    /// The scopes of a key that is still valid.
    private static func requireKey(
        _ key: KeyID, of organization: OrganizationID, at time: Timestamp, on connection: any SQLConnection
    ) throws(RepositoryError) -> [KeyScope] {
        let found = try connection.row(
            """
            SELECT scopes FROM keys
            WHERE organization_id = $1 AND key_id = $2 AND (expires_at IS NULL OR expires_at > $3)
            """, [SQLValue(organization), SQLValue(key), SQLValue(time)]
        ) { row in row.text(0) }
        guard let found else { throw .unauthenticated }
        return KeyScope.list(found)
    }
}

extension KeyScope {
    /// Reads the column `scopes`: words separated by spaces.
    static func list(_ text: String) -> [KeyScope] {
        text.split(separator: " ").compactMap { KeyScope(rawValue: String($0)) }
    }

    static func text(_ scopes: [KeyScope]) -> String {
        scopes.map(\.rawValue).joined(separator: " ")
    }
}

extension RepositoryError {
    static let organizationNotFound = RepositoryError.notFound("organization")
}
