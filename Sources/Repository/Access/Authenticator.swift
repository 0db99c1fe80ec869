import Crypto
import Notifications

/// Finds out who presents a key, a one-time link or a session, and signs in and out. What they may do is not decided here.
package struct Authenticator: Sendable {
    let context: StoreContext
    /// For what a principal who is known by then may do.
    let repository: Repository

    /// Who presents that key; nil when there is no such key, or it has expired.
    package func principal(presenting key: APIKey) async throws(RepositoryError) -> Principal? {
        let at = context.now()
        return try await context.database.read(.short) { connection throws(RepositoryError) in
            try connection.row(
                """
                SELECT organization_id, key_id, user_id, secret_hash FROM keys
                WHERE public_id = $1 AND (expires_at IS NULL OR expires_at > $2)
                """, [SQLValue(key.publicID), SQLValue(at)]
            ) { row in Self.principal(row, presenting: key) } ?? nil
        }
    }

    /// Digests are compared in constant time by swift-crypto's `==`.
    private static func principal(_ row: any SQLRow, presenting key: APIKey) -> Principal? {
        guard key.hash == row.blob(3) else { return nil }
        let organization: OrganizationID = row.number(0)
        let id: KeyID = row.id(1)
        guard let user = row.optionalInteger(2) else { return .service(of: organization, key: id) }
        return .user(UserID(user), of: organization, key: id)
    }
}
