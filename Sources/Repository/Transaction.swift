import Notifications

/// What the methods of the repository work with inside one transaction.
struct Transaction {
    let connection: any SQLConnection
    let vault: Vault
    let kinds: ChannelCatalogue
    /// The time, as people read it.
    let at: Timestamp
    /// The same moment by the clock of due times, leases and pauses.
    let due: Timestamp
    let organization: OrganizationID
    let principal: Principal
    /// How many deliveries follow a change of their channel at once.
    let settledAtOnce: Int
    /// The address that the request came from; empty when there was none.
    let source: String

    /// Adds an entry to the organization's audit chain.
    func audit(_ action: String, _ target: String, _ detail: JSONValue = [:], actor: String? = nil)
        throws(RepositoryError)
    {
        let note = AuditLog.Note(
            actor: actor ?? principal.actor, action: action, target: target, detail: detail,
            origin: principal.origin(from: source))
        try AuditLog.append(note, to: organization, with: AuditLog.Pen(vault: vault, at: at), on: connection)
    }
}

extension Repository {
    /// A body over an open connection, as the database takes it.
    private typealias Work<Value> = @Sendable (any SQLConnection) throws(RepositoryError) -> Value

    /// One transaction that changes something. `action` is what is attempted, for the audit entry of a refusal.
    func change<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, _ action: String, as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let work = checked(organization, permission, as: principal, body)
        do {
            return try await database.write(work)
        } catch {
            throw try await recorded(error, of: action, in: organization, as: principal)
        }
    }

    /// One transaction that only reads; at the organization's expense, unless it is short.
    func look<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, _ action: String, as principal: Principal,
        reading length: ReadLength = .long,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let work = checked(organization, permission, as: principal, body)
        do {
            return try await database.read(length.read(of: organization), ReadingMeter.timing(work))
        } catch {
            throw try await recorded(error, of: action, in: organization, as: principal)
        }
    }

    /// The body, behind the check of what the principal may do at that moment.
    private func checked<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) -> Work<Value> {
        // The body runs on a thread of the database's.
        let source = RequestSource.address
        return { [self] connection throws(RepositoryError) in
            let at = now()
            try Authorization.check(principal, permission, in: organization, at: at, on: connection)
            return try body(transaction(in: organization, as: principal, from: source, at: at, on: connection))
        }
    }

    /// What a body works with.
    func transaction(
        in organization: OrganizationID, as principal: Principal = .operator, from source: String = "", at: Timestamp,
        on connection: any SQLConnection
    ) -> Transaction {
        Transaction(
            connection: connection, vault: vault, kinds: kinds, at: at, due: scheduled(), organization: organization,
            principal: principal, settledAtOnce: settledAtOnce, source: source)
    }

    /// Gives the error back; a refusal is noted before.
    private func recorded(
        _ error: RepositoryError, of action: String, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> RepositoryError {
        guard case .forbidden(let reason) = error else { return error }
        try await note(RefusedAttempt(organization: organization, principal: principal, action: action, reason: reason))
        return error
    }
}
