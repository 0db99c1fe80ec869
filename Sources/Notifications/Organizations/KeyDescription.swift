/// A key without its secret.
package struct KeyDescription: Equatable, Sendable {
    package let id: KeyID
    package let organizationID: OrganizationID
    package let name: String
    package let holder: KeyHolder
    package let defaults: KeyDefaults
    /// The key's first characters, `rb_` and its public id: enough to find it in a log, useless as a key.
    package let prefix: String
    package let expiresAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: KeyID, organizationID: OrganizationID, name: String, holder: KeyHolder, defaults: KeyDefaults = .none,
        prefix: String, expiresAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.holder = holder
        self.defaults = defaults
        self.prefix = prefix
        self.expiresAt = expiresAt
        self.createdAt = createdAt
    }
}

/// What runs belong to that are told of with a service key, unless the event's sender says otherwise. The service itself
/// does not apply them: an event says what it is about.
package struct KeyDefaults: Equatable, Sendable {
    package let projectID: ProjectID?
    package let userID: UserID?

    package static let none = KeyDefaults()

    package init(projectID: ProjectID? = nil, userID: UserID? = nil) {
        self.projectID = projectID
        self.userID = userID
    }
}

/// Whom a key belongs to.
package enum KeyHolder: Equatable, Sendable {
    /// Acts as the user, with the role that the user has at that moment.
    case user(UserID)
    case service([KeyScope])
}

/// What a service key may do.
package enum KeyScope: String, CaseIterable, Sendable {
    case writeEvents = "events:write"
}
