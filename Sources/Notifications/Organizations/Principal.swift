/// Who makes a request. A principal only identifies the caller; permissions are looked up in the transaction that needs
/// them.
package enum Principal: Hashable, Sendable {
    /// The operator of this installation.
    case `operator`
    /// A user of an organization, using a personal key.
    case user(UserID, of: OrganizationID, key: KeyID)
    /// A program of an organization, using a service key.
    case service(of: OrganizationID, key: KeyID)

    /// The name in the audit log: `operator`, `user:7`, `key:0190…`; the service itself is `system`.
    package var actor: String {
        switch self {
        case .operator: "operator"
        case .user(let user, _, _): "user:\(user)"
        case .service(_, let key): "key:\(key)"
        }
    }

    package var organizationID: OrganizationID? {
        switch self {
        case .operator: nil
        case .user(_, let organization, _), .service(let organization, _): organization
        }
    }
}

/// What a principal may do in an organization.
package enum Permission: Sendable {
    /// Any member: see the organization, its channels (secrets masked), events and deliveries.
    case read
    /// Owner or admin: change channels, see their history and the audit log.
    case administer
    /// Owner or admin, or the operator: keys.
    case manageKeys
    /// A service key with `events:write`.
    case writeEvents
    /// Any member, or a service key with `events:write`: whom an event was sent to, and whether it arrived.
    case followEvent
    /// Any key of an organization: what it is.
    case readOwnKey
    /// Any member or the operator: the organization itself.
    case readOrganization
    /// The operator alone.
    case operate

    /// Who may, for the message of a refusal.
    package var requirement: String {
        switch self {
        case .read, .readOrganization: "Only members of the organization can do this."
        case .administer: "Only owners and admins of the organization can do this."
        case .manageKeys: "Only owners and admins of the organization, and the operator, can do this."
        case .writeEvents: "Only a service key with the scope events:write can do this."
        case .followEvent: "Only members of the organization and service keys with the scope events:write can do this."
        case .readOwnKey: "Only keys of an organization can do this."
        case .operate: "Only the operator can do this."
        }
    }

    /// Whether members with that role may.
    package func isHeld(by role: Role) -> Bool {
        switch self {
        case .read, .readOrganization, .followEvent, .readOwnKey: true
        case .administer, .manageKeys: role == .owner || role == .admin
        case .writeEvents, .operate: false
        }
    }

    /// Whether service keys with those scopes may.
    package func isHeld(by scopes: [KeyScope]) -> Bool {
        switch self {
        case .writeEvents, .followEvent: scopes.contains(.writeEvents)
        case .readOwnKey: true
        case .read, .readOrganization, .administer, .manageKeys, .operate: false
        }
    }

    package var isHeldByOperator: Bool {
        switch self {
        case .manageKeys, .readOrganization, .operate: true
        case .read, .administer, .writeEvents, .followEvent, .readOwnKey: false
        }
    }
}
