/// A user in an organization.
package struct Member: Equatable, Sendable {
    package let organizationID: OrganizationID
    package let userID: UserID
    package let role: Role
    package let profile: MemberProfile
    package let createdAt: Timestamp

    package init(
        organizationID: OrganizationID, userID: UserID, role: Role, profile: MemberProfile = .none, createdAt: Timestamp
    ) {
        self.organizationID = organizationID
        self.userID = userID
        self.role = role
        self.profile = profile
        self.createdAt = createdAt
    }
}

extension Member {
    /// Differs when the role, the name or the address does. Forms recognize by it that what they were filled in with has
    /// changed since.
    package var contentHash: String {
        String(StableNumber.of([role.rawValue, profile.name ?? "", profile.email?.text ?? ""]))
    }
}

/// What an organization says about a member. The name stands in messages and on pages; the address is shown only to
/// owners and admins.
package struct MemberProfile: Equatable, Sendable {
    package var name: String?
    package var email: MailAddress?

    package static let none = MemberProfile()
    /// The longest name, in bytes of UTF-8.
    package static let nameBytes = 100

    package init(name: String? = nil, email: MailAddress? = nil) {
        self.name = name
        self.email = email
    }
}

/// A change of a profile; nil leaves a value as it is.
package struct MemberProfileChange: Equatable, Sendable {
    /// `.some(nil)` removes the name.
    package var name: String??
    /// `.some(nil)` removes the address.
    package var email: MailAddress??

    package static let nothing = MemberProfileChange()

    package init(name: String?? = nil, email: MailAddress?? = nil) {
        self.name = name
        self.email = email
    }

    /// The profile with these changes.
    package func applied(to profile: MemberProfile) -> MemberProfile {
        MemberProfile(name: name ?? profile.name, email: email ?? profile.email)
    }
}

/// The raw value is the word in the API and the database.
package enum Role: String, CaseIterable, Sendable {
    case owner
    case admin
    case member
}
