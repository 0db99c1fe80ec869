import Notifications

/// Whom a one-time link signs in.
package struct LoginLink: Equatable, Sendable {
    package let organization: Organization
    package let userID: UserID
    package let endsAt: Timestamp
}

extension Repository {
    /// A link that signs a member in once, within `Session.linkLifetime`; the operator makes them.
    package func makeLoginLink(
        for user: UserID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (token: RandomToken, endsAt: Timestamp) {
        try await change(organization, .operate, "login_link.create", as: principal) {
            transaction throws(RepositoryError) in
            guard try Member.find(user, of: organization, on: transaction.connection) != nil else {
                throw .notFound("member")
            }
            let (token, end) = (RandomToken(), transaction.at + Session.linkLifetime)
            try transaction.connection.execute(
                """
                INSERT INTO login_links (token_hash, organization_id, user_id, created_at, ends_at)
                VALUES ($1, $2, $3, $4, $5)
                """,
                [
                    .blob(token.hash), SQLValue(organization), SQLValue(user.value), SQLValue(transaction.at),
                    SQLValue(end),
                ])
            try transaction.audit("login_link.created", "member:\(user)", ["ends_at": JSONValue(end)])
            return (token, end)
        }
    }

    /// Whom the link would sign in. Looking uses nothing up; nil when it was used or is too old.
    package func loginLink(_ token: RandomToken) async throws(RepositoryError) -> LoginLink? {
        let at = now()
        return try await database.read(.short) { connection throws(RepositoryError) in
            try LoginLink.find(token, at: at, on: connection)
        }
    }

    /// Uses the link up and signs in, through a key that is made for this session alone and that nobody knows. Nil when
    /// the link was used before or is too old.
    package func startSession(using token: RandomToken) async throws(RepositoryError) -> RandomToken? {
        let (at, vault, source) = (now(), vault, RequestSource.address)
        return try await database.write { connection throws(RepositoryError) in
            guard let link = try LoginLink.find(token, at: at, on: connection) else { return nil }
            try connection.execute("DELETE FROM login_links WHERE token_hash = $1", [.blob(token.hash)])
            let key = APIKey()
            let description = KeyDescription(
                id: KeyID(at: at), organizationID: link.organization.id, name: "Signed in by a one-time link",
                holder: .user(link.userID), prefix: key.prefix, expiresAt: at + Session.lifetime, createdAt: at)
            try description.insert(key, on: connection)
            let principal = Principal.user(link.userID, of: link.organization.id, key: description.id)
            let note = AuditLog.Note(
                actor: principal.actor, action: "session.started", target: "member:\(link.userID)",
                detail: ["through": "login_link", "key_id": JSONValue(description.id)],
                origin: principal.origin(from: source))
            try AuditLog.append(
                note, to: link.organization.id, with: AuditLog.Pen(vault: vault, at: at), on: connection)
            return try SessionRow(principal: principal, ownsKey: true).insert(at: at, on: connection)
        }
    }
}

extension LoginLink {
    fileprivate static func find(
        _ token: RandomToken, at: Timestamp, on connection: any SQLConnection
    ) throws(RepositoryError) -> LoginLink? {
        let found = try connection.row(
            """
            SELECT l.organization_id, l.user_id, l.ends_at FROM login_links l
            JOIN members m ON m.organization_id = l.organization_id AND m.user_id = l.user_id
            WHERE l.token_hash = $1 AND l.ends_at > $2
            """, [.blob(token.hash), SQLValue(at)]
        ) { row -> (OrganizationID, UserID, Timestamp) in (row.number(0), row.number(1), row.time(2)) }
        guard let found else { return nil }
        return LoginLink(
            organization: try Organization.get(found.0, on: connection), userID: found.1, endsAt: found.2)
    }
}
