import Notifications

/// A row of the table `sessions`.
struct SessionRow {
    let principal: Principal
    var operatorKey: [UInt8]?
    /// Whether the key was made for this session.
    var ownsKey = false

    /// Also deletes ended sessions.
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

    /// Ended sessions, and the keys made for them, which have expired too.
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
