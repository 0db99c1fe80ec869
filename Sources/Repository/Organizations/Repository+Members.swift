import Notifications

extension Repository {
    /// Members with their roles, ordered by number.
    package func members(
        of organization: OrganizationID, page: PageRequest = PageRequest(), as principal: Principal
    ) async throws(RepositoryError) -> Page<Member> {
        try await look(organization, .administer, "members.list", as: principal) {
            transaction throws(RepositoryError) in
            let last = try page.sequence()
            let members = try transaction.connection.rows(
                """
                SELECT \(Member.columns) FROM members WHERE organization_id = $1 AND user_id \(last == nil ? ">=" : ">") $2
                ORDER BY user_id LIMIT $3
                """, [SQLValue(organization), SQLValue(last ?? .min), SQLValue(page.limit + 1)]
            ) { row in Member(row, of: organization) }
            return Page(members, limit: page.limit, position: \.userID.description)
        }
    }

    /// One member; throws `notFound` if the user is not a member.
    package func member(
        _ user: UserID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Member {
        try await look(organization, .administer, "member.read", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            guard let member = try Member.find(user, of: organization, on: transaction.connection) else {
                throw .notFound("member")
            }
            return member
        }
    }

    /// Adds a member or changes the role. An admin may do so for roles below owner; the last owner must remain one.
    ///
    /// - Parameter seen: the `contentHash` that the member must still have, empty for a user who must be none yet; otherwise
    ///   throws `conflict`. Nil if that does not matter.
    package func saveMember(
        _ user: UserID, role: Role, profile changed: MemberProfileChange = .nothing, seen: String? = nil,
        in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (member: Member, isNew: Bool) {
        try await change(organization, .administer, "member.save", as: principal) {
            transaction throws(RepositoryError) in
            let before = try Member.find(user, of: organization, on: transaction.connection)
            try transaction.requirePower(over: [before?.role, role])
            try Self.require(before, asSeen: seen)
            if before?.role == .owner, role != .owner { try transaction.requireAnotherOwner() }
            let after = Member(
                organizationID: organization, userID: user, role: role,
                profile: changed.applied(to: before?.profile ?? .none), createdAt: before?.createdAt ?? transaction.at)
            guard before != after else { return (after, false) }
            try after.save(on: transaction.connection)
            try transaction.audit(
                before == nil ? "member.added" : "member.updated", "member:\(user)",
                after.change(from: before))
            return (after, before == nil)
        }
    }

    private static func require(_ member: Member?, asSeen seen: String?) throws(RepositoryError) {
        guard let seen, !seen.sameBytes(as: member?.contentHash ?? "") else { return }
        throw .conflict(
            seen.isEmpty
                ? "This user is a member already. Change the entry in the list."
                : "This member was changed or removed in the meantime. The list shows what is saved now.")
    }

    /// Removes a member and the member's keys.
    package func removeMember(
        _ user: UserID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) {
        try await change(organization, .administer, "member.remove", as: principal) {
            transaction throws(RepositoryError) in
            guard let before = try Member.find(user, of: organization, on: transaction.connection) else {
                throw .notFound("member")
            }
            try transaction.requirePower(over: [before.role])
            if before.role == .owner { try transaction.requireAnotherOwner() }
            let who: [SQLValue] = [SQLValue(organization), SQLValue(user)]
            let keys = try transaction.connection.execute(
                "DELETE FROM keys WHERE organization_id = $1 AND user_id = $2", who)
            // If the user is added again later, an old link would sign in whoever has it.
            try transaction.connection.execute(
                "DELETE FROM login_links WHERE organization_id = $1 AND user_id = $2", who)
            try transaction.connection.execute("DELETE FROM members WHERE organization_id = $1 AND user_id = $2", who)
            try transaction.audit(
                "member.removed", "member:\(user)",
                ["before": .string(before.role.rawValue), "keys_removed": .integer(Int64(keys))])
        }
    }
}

extension Transaction {
    /// Only an owner may add, change or remove an owner.
    fileprivate func requirePower(over roles: [Role?]) throws(RepositoryError) {
        guard roles.contains(.owner), case .user(let user, _, _) = principal else { return }
        guard try Authorization.role(of: user, in: organization, on: connection) == .owner else {
            throw .forbidden("Only owners of the organization can do this.")
        }
    }

    fileprivate func requireAnotherOwner() throws(RepositoryError) {
        let owners = try connection.row(
            "SELECT count(*) FROM members WHERE organization_id = $1 AND role = 'owner'", [SQLValue(organization)]
        ) { row in row.integer(0) }
        guard let owners, owners > 1 else {
            throw .conflict("An organization needs at least one owner. Make another member an owner first.")
        }
    }
}

extension Repository {
    /// The display names of those of the actors that are members and have one.
    package func memberNames(
        _ actors: [String], of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> DisplayNames {
        let users = Set(actors.compactMap(DisplayNames.user))
        guard !users.isEmpty else { return DisplayNames([:]) }
        return try await look(organization, .readOrganization, "organization.read", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            var names: [UserID: String] = [:]
            for user in users { names[user] = try transaction.displayName(of: user) }
            return DisplayNames(names)
        }
    }
}

extension Transaction {
    /// Nil if the user is no member, or has no name.
    func displayName(of user: UserID) throws(RepositoryError) -> String? {
        try Member.find(user, of: organization, on: connection)?.profile.name
    }
}

extension Member {
    /// For the audit log, which outlives the member: the address itself is not part of it.
    func change(from before: Member?) -> JSONValue {
        var detail = JSONObject()
        detail["before"] = JSONValue(before?.role.rawValue)
        detail["after"] = .string(role.rawValue)
        if before?.profile.name != profile.name {
            detail["name_before"] = JSONValue(before?.profile.name)
            detail["name_after"] = JSONValue(profile.name)
        }
        if before?.profile.email != profile.email { detail["email_changed"] = true }
        return .object(detail)
    }
}

extension Member {
    static let columns = "user_id, role, created_at, display_name, email"

    static func find(
        _ user: UserID, of organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> Member? {
        try connection.row(
            "SELECT \(columns) FROM members WHERE organization_id = $1 AND user_id = $2",
            [SQLValue(organization), SQLValue(user)]
        ) { row in Member(row, of: organization) }
    }

    func save(on connection: any SQLConnection) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO members (organization_id, user_id, role, created_at, display_name, email)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (organization_id, user_id) DO UPDATE SET role = $3, display_name = $5, email = $6
            """,
            [
                SQLValue(organizationID), SQLValue(userID), SQLValue(role.rawValue), SQLValue(createdAt),
                SQLValue(profile.name), SQLValue(profile.email?.text),
            ])
    }

    /// The schema restricts the roles; any other word reads as the weakest.
    fileprivate init(_ row: any SQLRow, of organization: OrganizationID) {
        self.init(
            organizationID: organization, userID: row.number(0), role: Role(rawValue: row.text(1)) ?? .member,
            profile: MemberProfile(name: row.optionalText(3), email: row.optionalText(4).flatMap { MailAddress($0) }),
            createdAt: row.time(2))
    }
}
