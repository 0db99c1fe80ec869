import Notifications

/// What the methods of the repository work with inside one transaction.
struct Transaction {
    let connection: any SQLConnection
    let vault: Vault
    let at: Timestamp
    let organization: OrganizationID
    let principal: Principal

    /// Adds an entry to the organization's audit chain.
    func audit(_ action: String, _ target: String, _ detail: JSONValue = [:], actor: String? = nil)
        throws(RepositoryError)
    {
        try AuditLog.append(
            AuditLog.Note(actor: actor ?? principal.actor, action: action, target: target, detail: detail),
            to: organization, at: at, on: connection)
    }
}

extension Repository {
    /// One transaction that changes something. `action` is what is attempted, for the audit entry of a refusal.
    func change<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, _ action: String, as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let vault = vault
        let at = now()
        do {
            return try await database.write { connection throws(RepositoryError) in
                try Authority.check(principal, permission, in: organization, at: at, on: connection)
                return try body(
                    Transaction(
                        connection: connection, vault: vault, at: at, organization: organization, principal: principal))
            }
        } catch {
            try await recordRefusal(error, of: action, in: organization, as: principal)
            throw error
        }
    }

    /// One transaction that only reads.
    func look<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, _ action: String, as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let vault = vault
        let at = now()
        do {
            return try await database.read { connection throws(RepositoryError) in
                try Authority.check(principal, permission, in: organization, at: at, on: connection)
                return try body(
                    Transaction(
                        connection: connection, vault: vault, at: at, organization: organization, principal: principal))
            }
        } catch {
            try await recordRefusal(error, of: action, in: organization, as: principal)
            throw error
        }
    }

    /// A refusal changes nothing, so its audit entry is a transaction of its own.
    private func recordRefusal(
        _ error: RepositoryError, of action: String, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) {
        guard case .forbidden(let reason) = error else { return }
        let at = now()
        try await database.write { connection throws(RepositoryError) in
            let note = AuditLog.Note(
                actor: principal.actor, action: "refused", target: "organization:\(organization)",
                detail: ["attempted": .string(action), "reason": .string(reason)])
            try AuditLog.append(note, to: organization, at: at, on: connection)
        }
    }
}
