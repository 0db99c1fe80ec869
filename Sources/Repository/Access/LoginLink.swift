import Notifications

/// The user whom a one-time link signs in.
package struct LoginLink: Equatable, Sendable {
    package let organization: Organization
    package let userID: UserID
    /// The user's display name.
    package let userName: String?
    package let endsAt: Timestamp
}

extension LoginLink {
    static func find(
        _ token: RandomToken, at: Timestamp, on connection: any SQLConnection
    ) throws(RepositoryError) -> LoginLink? {
        let found = try connection.row(
            """
            SELECT l.organization_id, l.user_id, l.ends_at, m.display_name FROM login_links l
            JOIN members m ON m.organization_id = l.organization_id AND m.user_id = l.user_id
            WHERE l.token_hash = $1 AND l.ends_at > $2
            """, [.blob(token.hash), SQLValue(at)]
        ) { row -> (OrganizationID, UserID, Timestamp, String?) in
            (row.number(0), row.number(1), row.time(2), row.optionalText(3))
        }
        guard let found else { return nil }
        return LoginLink(
            organization: try Organization.get(found.0, on: connection), userID: found.1, userName: found.3,
            endsAt: found.2)
    }
}
