import Notifications

extension Repository {
    /// Creates an organization with its owner, or renames it. Operator only. A nil template is left unchanged;
    /// `.some(nil)` removes it.
    package func saveOrganization(
        _ id: OrganizationID, name: String, owner: UserID, runLinkTemplate: RunLinkTemplate??, as principal: Principal
    ) async throws(RepositoryError) -> (organization: Organization, isNew: Bool) {
        guard principal == .operator else { try await refuseSaving(id, as: principal) }
        guard id != .installation else { throw .organizationNotFound }
        let origin = principal.origin(from: RequestSource.address)
        return try await context.write(in: .organization(id)) { connection, pen throws(RepositoryError) in
            let before = try Organization.find(id, on: connection)
            var after = before ?? Organization(id: id, name: name, runLinkTemplate: nil, createdAt: pen.at)
            after.name = name
            if let runLinkTemplate { after.runLinkTemplate = runLinkTemplate }
            try after.save(on: connection)
            let member = try Member.find(owner, of: id, on: connection)
            let madeOwner =
                member?.role == .owner
                ? nil
                : Member(
                    organizationID: id, userID: owner, role: .owner, profile: member?.profile ?? .none,
                    createdAt: member?.createdAt ?? pen.at)
            try madeOwner?.save(on: connection)
            guard before != after || madeOwner != nil else { return (after, false) }
            let note = AuditLog.Note(
                actor: principal.actor, action: before == nil ? "organization.created" : "organization.updated",
                target: "organization:\(id)",
                detail: ["before": before?.shown ?? .null, "after": after.shown, "owner_user_id": JSONValue(owner)],
                origin: origin)
            try AuditLog.append(note, to: id, with: pen, on: connection)
            if before != nil, let madeOwner {
                let note = AuditLog.Note(
                    actor: principal.actor, action: member == nil ? "member.added" : "member.updated",
                    target: "member:\(owner)", detail: madeOwner.change(from: member), origin: origin)
                try AuditLog.append(note, to: id, with: pen, on: connection)
            }
            return (after, before == nil)
        }
    }

    /// A member who is not the operator is refused with an audit entry; for anyone else the organization does not
    /// exist.
    private func refuseSaving(_ id: OrganizationID, as principal: Principal) async throws(RepositoryError) -> Never {
        try await change(id, .operate, "organization.save", as: principal) { _ throws(RepositoryError) in }
        throw .forbidden(Permission.operate.requirement)
    }

    /// The organization with its settings; throws `notFound` if the caller does not belong to it.
    package func organization(
        _ id: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Organization {
        try await look(id, .readOrganization, "organization.read", as: principal, reading: .short) {
            transaction throws(RepositoryError) in
            try Organization.get(id, on: transaction.connection)
        }
    }

    /// Owner or admin only. Throws `invalid` if the fallback channel does not belong to the organization.
    ///
    /// - Parameter seen: the `contentHash` that the organization must still have; otherwise throws `conflict`.
    package func changeOrganization(
        _ id: OrganizationID, _ wanted: OrganizationChange, seen: String? = nil, as principal: Principal
    ) async throws(RepositoryError) -> Organization {
        try await change(id, .administer, "organization.update", as: principal) { transaction throws(RepositoryError) in
            let before = try Organization.get(id, on: transaction.connection)
            if let seen, !seen.sameBytes(as: before.contentHash) {
                throw .conflict("The organization has changed in the meantime. Your changes are not saved yet.")
            }
            let after = wanted.applied(to: before)
            guard before != after else { return after }
            if let fallback = after.fallbackChannelID, fallback != before.fallbackChannelID {
                try transaction.requireFallback(fallback)
            }
            try after.save(on: transaction.connection)
            try transaction.audit(
                "organization.updated", "organization:\(id)", ["before": before.shown, "after": after.shown])
            return after
        }
    }
}

extension Transaction {
    fileprivate func requireFallback(_ id: ChannelID) throws(RepositoryError) {
        do {
            _ = try channel(id)
        } catch .notFound {
            throw .invalid(InvalidInput("fallback_channel_id", "The organization has no channel with this ID."))
        }
    }

    /// Makes another channel the fallback channel if this one is it.
    func moveFallback(from id: ChannelID, to other: ChannelID) throws(RepositoryError) {
        try connection.execute(
            """
            UPDATE organizations SET fallback_channel_id = $3
            WHERE organization_id = $1 AND fallback_channel_id = $2
            """, [SQLValue(organization), SQLValue(id), SQLValue(other)])
    }

    /// Removes this channel as the fallback channel; true if it was.
    func dropFallback(_ id: ChannelID) throws(RepositoryError) -> Bool {
        try connection.execute(
            """
            UPDATE organizations SET fallback_channel_id = NULL
            WHERE organization_id = $1 AND fallback_channel_id = $2
            """, [SQLValue(organization), SQLValue(id)]) > 0
    }
}

extension Organization {
    static func find(_ id: OrganizationID, on connection: any SQLConnection) throws(RepositoryError) -> Organization? {
        try connection.row("SELECT \(columns) FROM organizations WHERE organization_id = $1", [SQLValue(id)]) { row in
            Organization(id, row, from: 0)
        }
    }

    static let columns =
        "name, run_link_template, created_at, fallback_channel_id, retention_days, audit_retention_days"

    /// - Parameter first: where `columns` begin.
    init(_ id: OrganizationID, _ row: any SQLRow, from first: Int) {
        self.init(
            id: id, name: row.text(first), runLinkTemplate: row.optionalText(first + 1).flatMap(RunLinkTemplate.init),
            fallbackChannelID: row.isNull(first + 3) ? nil : row.id(first + 3), retentionDays: row.days(first + 4),
            auditRetentionDays: row.days(first + 5), createdAt: row.time(first + 2))
    }

    static func get(_ id: OrganizationID, on connection: any SQLConnection) throws(RepositoryError) -> Organization {
        guard let organization = try find(id, on: connection) else { throw .organizationNotFound }
        return organization
    }

    func save(on connection: any SQLConnection) throws(RepositoryError) {
        try connection.execute(
            """
            INSERT INTO organizations (organization_id, name, run_link_template, created_at, fallback_channel_id,
                retention_days, audit_retention_days)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (organization_id) DO UPDATE SET name = $2, run_link_template = $3, fallback_channel_id = $5,
                retention_days = $6, audit_retention_days = $7,
                retention_due_at = CASE WHEN organizations.retention_days = $6
                    THEN organizations.retention_due_at ELSE 0 END,
                audit_retention_due_at = CASE WHEN organizations.audit_retention_days = $7
                    THEN organizations.audit_retention_due_at ELSE 0 END
            """,
            [
                SQLValue(id), SQLValue(name), SQLValue(runLinkTemplate?.text), SQLValue(createdAt),
                SQLValue(fallbackChannelID), SQLValue(retentionDays), SQLValue(auditRetentionDays),
            ])
    }

    /// For the audit log.
    var shown: JSONValue {
        [
            "name": .string(name), "run_link_template": JSONValue(runLinkTemplate?.text),
            "fallback_channel_id": JSONValue(fallbackChannelID), "retention_days": .integer(retentionDays),
            "audit_retention_days": .integer(auditRetentionDays),
        ]
    }
}
