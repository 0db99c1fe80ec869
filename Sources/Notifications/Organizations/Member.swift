/// A user in an organization.
package struct Member: Equatable, Sendable {
    package let organizationID: OrganizationID
    package let userID: UserID
    package let role: Role
    package let createdAt: Timestamp

    package init(organizationID: OrganizationID, userID: UserID, role: Role, createdAt: Timestamp) {
        self.organizationID = organizationID
        self.userID = userID
        self.role = role
        self.createdAt = createdAt
    }
}

/// The raw value is the word in the API and the database.
package enum Role: String, CaseIterable, Sendable {
    case owner
    case admin
    case member
}
