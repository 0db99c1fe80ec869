import Crypto
import Notifications

extension Repository {
    /// Signs a user in who has shown a key, or the operator. Always a new token, so that none from before can be used on.
    package func startSession(
        as principal: Principal, operatorKey: SHA256Digest
    ) async throws(RepositoryError) -> RandomToken {
        switch principal {
        case .operator:
            let (pen, origin) = (AuditLog.Pen(vault: vault, at: now()), principal.origin(from: RequestSource.address))
            return try await database.write { connection throws(RepositoryError) in
                let note = AuditLog.Note(
                    actor: principal.actor, action: "session.started", target: "operator", detail: ["through": "key"],
                    origin: origin)
                try AuditLog.append(note, to: .installation, with: pen, on: connection)
                return try SessionRow(principal: principal, operatorKey: Array(operatorKey)).insert(
                    at: pen.at, on: connection)
            }
        case .user(let user, let organization, _):
            return try await change(organization, .read, "session.start", as: principal) {
                transaction throws(RepositoryError) in
                try transaction.audit("session.started", "member:\(user)", ["through": "key"])
                return try SessionRow(principal: principal).insert(at: transaction.at, on: transaction.connection)
            }
        case .service:
            throw .conflict("This is a service key. Sign in with a personal key.")
        }
    }

    /// The session of a token, if it is still one; using it puts off its end by idleness. Nil when it has ended, or its key
    /// is gone or has expired.
    package func session(
        presenting token: RandomToken, operatorKey: SHA256Digest, isUse: Bool = true
    ) async throws(RepositoryError) -> Session? {
        let (at, hash) = (now(), token.hash)
        let found = try await database.read(.short) { connection throws(RepositoryError) in
            try SessionRow.find(hash, operatorKey: Array(operatorKey), at: at, on: connection)
        }
        guard let found else { return nil }
        if isUse, found.usedAt < at - .seconds(60) {
            try await database.write { connection throws(RepositoryError) in
                try connection.execute(
                    "UPDATE sessions SET used_at = $2 WHERE token_hash = $1", [.blob(hash), SQLValue(at)])
            }
        }
        return found.session
    }

    /// Signs out; a key that was made for the session goes with it.
    package func endSession(_ token: RandomToken) async throws(RepositoryError) {
        let (pen, hash, source) = (AuditLog.Pen(vault: vault, at: now()), token.hash, RequestSource.address)
        try await database.write { connection throws(RepositoryError) in
            try SessionRow.end(hash, from: source, with: pen, on: connection)
        }
    }
}

/// A row of the table `sessions`.
struct SessionRow {
    let principal: Principal
    var operatorKey: [UInt8]?
    /// The key was made for this session.
    var ownsKey = false

    /// Also forgets sessions that are over.
    func insert(at: Timestamp, on connection: any SQLConnection) throws(RepositoryError) -> RandomToken {
        try Self.forgetEnded(at: at, on: connection)
        let token = RandomToken()
        var user: (id: UserID, organization: OrganizationID, key: KeyID)?
        if case .user(let id, let organization, let key) = principal { user = (id, organization, key) }
        try connection.execute(
            """
            INSERT INTO sessions (token_hash, organization_id, user_id, key_id, operator_key_hash, owns_key, created_at,
                used_at, ends_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
            """,
            [
                .blob(token.hash), SQLValue(user?.organization.value), SQLValue(user?.id.value),
                SQLValue(user?.key), operatorKey.map(SQLValue.blob) ?? .null, .integer(ownsKey ? 1 : 0),
                SQLValue(at), SQLValue(at + Session.lifetime),
            ])
        return token
    }

    static func find(
        _ hash: [UInt8], operatorKey: [UInt8], at: Timestamp, on connection: any SQLConnection
    ) throws(RepositoryError) -> (session: Session, usedAt: Timestamp)? {
        try connection.row(
            """
            SELECT s.organization_id, s.user_id, s.key_id, s.used_at, s.ends_at FROM sessions s
            WHERE s.token_hash = $1 AND s.ends_at > $2 AND s.used_at > $3
                AND (s.operator_key_hash = $4 OR EXISTS (SELECT 1 FROM keys k
                    WHERE k.organization_id = s.organization_id AND k.key_id = s.key_id
                        AND (k.expires_at IS NULL OR k.expires_at > $2)))
            """, [.blob(hash), SQLValue(at), SQLValue(at - Session.idle), .blob(operatorKey)]
        ) { row in
            let principal: Principal =
                row.isNull(2) ? .operator : .user(row.number(1), of: row.number(0), key: row.id(2))
            return (Session(principal: principal, endsAt: row.time(4)), row.time(3))
        }
    }

    static func end(
        _ hash: [UInt8], from source: String, with pen: AuditLog.Pen, on connection: any SQLConnection
    ) throws(RepositoryError) {
        let found = try connection.row(
            "SELECT organization_id, user_id, key_id, owns_key FROM sessions WHERE token_hash = $1", [.blob(hash)]
        ) { row -> (principal: Principal, ownsKey: Bool) in
            guard !row.isNull(2) else { return (.operator, false) }
            return (.user(row.number(1), of: row.number(0), key: row.id(2)), row.integer(3) == 1)
        }
        guard let (principal, ownsKey) = found else { return }
        try connection.execute("DELETE FROM sessions WHERE token_hash = $1", [.blob(hash)])
        var (target, organization) = ("operator", OrganizationID.installation)
        if case .user(let user, let home, let key) = principal {
            (target, organization) = ("member:\(user)", home)
            if ownsKey {
                try connection.execute(
                    "DELETE FROM keys WHERE organization_id = $1 AND key_id = $2", [SQLValue(home), SQLValue(key)])
            }
        }
        let note = AuditLog.Note(
            actor: principal.actor, action: "session.ended", target: target, detail: [:],
            origin: principal.origin(from: source))
        try AuditLog.append(note, to: organization, with: pen, on: connection)
    }

    /// Those that nobody can use any more, with the keys that were made for them, which have expired too.
    private static func forgetEnded(at: Timestamp, on connection: any SQLConnection) throws(RepositoryError) {
        try connection.execute(
            """
            DELETE FROM keys WHERE (organization_id, key_id) IN
                (SELECT organization_id, key_id FROM sessions WHERE owns_key = 1 AND ends_at <= $1)
            """, [SQLValue(at)])
        try connection.execute("DELETE FROM sessions WHERE ends_at <= $1", [SQLValue(at)])
        try connection.execute("DELETE FROM login_links WHERE ends_at <= $1", [SQLValue(at)])
    }
}
