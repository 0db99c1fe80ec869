import Crypto
import Notifications

/// Identifies the holder of a key, one-time link or session, and signs in and out. It does not decide what they may do.
package struct Authenticator: Sendable {
    let context: StoreContext
    /// For checks of what an identified principal may do.
    let repository: Repository

    /// The holder of that key; nil if there is no such key or it has expired.
    package func principal(presenting key: APIKey) async throws(RepositoryError) -> Principal? {
        let at = context.now()
        return try await context.database.read(.short, in: .wholeService) { connection throws(RepositoryError) in
            try connection.row(
                """
                SELECT organization_id, key_id, user_id, secret_hash FROM keys
                WHERE public_id = $1 AND (expires_at IS NULL OR expires_at > $2)
                """, [SQLValue(key.publicID), SQLValue(at)]
            ) { row in Self.principal(row, presenting: key) } ?? nil
        }
    }

    /// swift-crypto's `==` compares digests in constant time.
    private static func principal(_ row: any SQLRow, presenting key: APIKey) -> Principal? {
        guard key.hash == row.blob(3) else { return nil }
        let organization: OrganizationID = row.number(0)
        let id: KeyID = row.id(1)
        guard let user: UserID = row.optionalNumber(2) else { return .service(of: organization, key: id) }
        return .user(user, of: organization, key: id)
    }
}
