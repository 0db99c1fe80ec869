import Notifications

extension Repository {
    /// All organizations, ordered by number. Operator only.
    package func organizations(
        page: PageRequest, as principal: Principal
    ) async throws(RepositoryError) -> Page<Organization> {
        try await requireOperator(principal, for: "organizations.list")
        let last = try page.sequence()
        let found = try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
            try connection.rows(
                """
                SELECT organization_id, \(Organization.columns) FROM organizations
                WHERE organization_id > $1 ORDER BY organization_id LIMIT $2
                """, [SQLValue(last ?? .min), SQLValue(page.limit + 1)]
            ) { row in Organization(row.number(0), row, from: 1) }
        }
        return Page(found, limit: page.limit, position: \.id.description)
    }
}
