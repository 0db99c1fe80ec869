import Notifications

extension Repository {
    /// Makes a link that signs a member in once, within `Session.linkLifetime`. Operator only.
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
}
