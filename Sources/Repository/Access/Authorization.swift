import Notifications

/// What callers may do in an organization, according to the current state of the database: `steps` look it up, together
/// with whatever else is looked up.
final class Authorization {
    private let principals: [Principal]
    private let organization: OrganizationID
    private let time: Timestamp
    private var isOrganizationThere = false
    /// Of the keys that are still valid.
    private var scopes: [Principal: [KeyScope]] = [:]
    private var roles: [UserID: Role] = [:]

    init(of principals: some Sequence<Principal>, in organization: OrganizationID, at time: Timestamp) {
        (self.principals, self.organization, self.time) = (Array(principals), organization, time)
    }

    /// Looks up a single caller, and checks it.
    ///
    /// Throws what `refusal` says.
    static func check(
        _ principal: Principal, _ permission: Permission, in organization: OrganizationID, at time: Timestamp,
        on connection: any SQLConnection
    ) throws(RepositoryError) {
        let authorization = Authorization(of: [principal], in: organization, at: time)
        try connection.together(authorization.steps)
        if let refusal = authorization.refusal(of: principal, asking: permission) { throw refusal }
    }

    /// To be run before `refusal`.
    var steps: [SQLStep] {
        let keys = principals.compactMap { principal in principal.key.map { (principal, $0) } }
        let users = principals.compactMap(\.user)
        let organizations = principals.contains(.operator) ? [[SQLValue(organization)]] : []
        return [
            SQLStep(asking: Self.validKey, keys.map { [SQLValue($1.home), SQLValue($1.id), SQLValue(time)] }) {
                number, row in self.scopes[keys[number].0] = KeyScope.list(row.text(0))
            },
            SQLStep(asking: Self.roleOfMember, users.map { [SQLValue(organization), SQLValue($0)] }) { number, row in
                self.roles[users[number]] = Role(rawValue: row.text(0))
            },
            SQLStep(asking: "SELECT 1 FROM organizations WHERE organization_id = $1", organizations) { _, _ in
                self.isOrganizationThere = true
            },
        ]
    }

    /// `unauthenticated` if the key is gone, `notFound` if the caller does not belong to the organization (as if there
    /// were none), and `forbidden` if a member lacks the permission; nil if the caller has it.
    func refusal(of principal: Principal, asking permission: Permission) -> RepositoryError? {
        let isHeld: Bool
        switch principal {
        case .operator:
            guard isOrganizationThere else { return .organizationNotFound }
            isHeld = permission.isHeldByOperator
        case .user(let user, let home, _):
            guard scopes[principal] != nil else { return .unauthenticated }
            guard home == organization, let role = roles[user] else { return .organizationNotFound }
            isHeld = permission.isHeld(by: role)
        case .service(let home, _):
            guard let scopes = scopes[principal] else { return .unauthenticated }
            guard home == organization else { return .organizationNotFound }
            isHeld = permission.isHeld(by: scopes)
        }
        return isHeld ? nil : .forbidden(permission.requirement)
    }

    static func role(
        of user: UserID, in organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> Role? {
        let word = try connection.row(roleOfMember, [SQLValue(organization), SQLValue(user)]) { row in row.text(0) }
        return word.flatMap(Role.init(rawValue:))
    }

    private static let roleOfMember = "SELECT role FROM members WHERE organization_id = $1 AND user_id = $2"

    private static let validKey = """
        SELECT scopes FROM keys
        WHERE organization_id = $1 AND key_id = $2 AND (expires_at IS NULL OR expires_at > $3)
        """
}

extension Principal {
    /// Its key, and the organization that the key is of.
    fileprivate var key: (id: KeyID, home: OrganizationID)? {
        switch self {
        case .operator: nil
        case .user(_, let home, let key), .service(let home, let key): (key, home)
        }
    }

    fileprivate var user: UserID? {
        if case .user(let user, _, _) = self { user } else { nil }
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
