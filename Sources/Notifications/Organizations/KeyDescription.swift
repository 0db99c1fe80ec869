/// A key without its secret.
package struct KeyDescription: Equatable, Sendable {
    package let id: KeyID
    package let organizationID: OrganizationID
    package let name: String
    package let holder: KeyHolder
    /// The key's first characters, `rb_` and its public id: enough to find it in a log, useless as a key.
    package let prefix: String
    package let expiresAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: KeyID, organizationID: OrganizationID, name: String, holder: KeyHolder, prefix: String,
        expiresAt: Timestamp?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.holder = holder
        self.prefix = prefix
        self.expiresAt = expiresAt
        self.createdAt = createdAt
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
