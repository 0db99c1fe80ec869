import Notifications

extension Authenticator {
    /// Whom the link would sign in, without using it up. Nil if it has been used or has expired.
    package func loginLink(_ token: RandomToken) async throws(RepositoryError) -> LoginLink? {
        let at = context.now()
        return try await context.database.read(.short, in: .wholeService) { connection throws(RepositoryError) in
            try LoginLink.find(token, at: at, on: connection)
        }
    }

    /// Uses up the link and starts a session with a key made only for it, which nobody else knows. Nil if the link has
    /// been used or has expired.
    package func startSession(using token: RandomToken) async throws(RepositoryError) -> RandomToken? {
        let source = RequestSource.address
        return try await context.write(in: .wholeService) { connection, pen throws(RepositoryError) in
            let at = pen.at
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
            try AuditLog.append(note, to: link.organization.id, with: pen, on: connection)
            return try SessionRow(principal: principal, ownsKey: true).insert(at: at, on: connection)
        }
    }
}
