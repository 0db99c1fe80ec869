import Notifications

/// What people and programs may ask of the service. Each method acts for a principal, in one transaction that checks
/// the principal's current permissions and writes the audit entry for any change. What the service does by itself is in
/// `DeliveryStore` and `MaintenanceStore`; a house rule enforces this.
package struct Repository: Sendable {
    let context: StoreContext

    /// The channel kinds.
    package var kinds: ChannelCatalogue { context.kinds }

    /// The time that rows are written with.
    package var time: Timestamp { context.now() }

    /// Tells addresses apart that look the same when they are masked.
    package var fingerprints: AddressFingerprints { AddressFingerprints(vault: context.vault) }

    /// Tells the service's own audit entries from forged ones.
    package var auditAuthenticity: AuditAuthenticity { AuditAuthenticity(vault: context.vault) }
}

extension Repository {
    /// One transaction that changes something. `action` names the attempt in the audit entry of a refusal.
    func change<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, _ action: String, as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let work = checked(organization, permission, as: principal, body)
        do {
            return try await context.write(in: principal.scope(in: organization), work)
        } catch {
            throw try await recorded(error, of: action, in: organization, as: principal)
        }
    }

    /// One read-only transaction, charged to the organization unless it is short.
    func look<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, _ action: String, as principal: Principal,
        reading length: ReadLength = .long,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let work = checked(organization, permission, as: principal, body)
        do {
            return try await context.database.read(
                length.read(of: organization), in: principal.scope(in: organization),
                ReadingMeter.timing { connection throws(RepositoryError) in try work(connection, context.pen()) })
        } catch {
            throw try await recorded(error, of: action, in: organization, as: principal)
        }
    }

    /// Wraps the body in a check of the principal's current permissions.
    private func checked<Value: Sendable>(
        _ organization: OrganizationID, _ permission: Permission, as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) -> StoreContext.Work<Value> {
        // The body runs on a database thread.
        let source = RequestSource.address
        return { [context] connection, pen throws(RepositoryError) in
            try Authorization.check(principal, permission, in: organization, at: pen.at, on: connection)
            let transaction = context.transaction(
                in: organization, as: principal, from: source, with: pen, on: connection)
            return try body(transaction)
        }
    }

    /// Returns the error; records it first if it is a refusal.
    func recorded(
        _ error: RepositoryError, of action: String, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> RepositoryError {
        guard case .forbidden(let reason) = error else { return error }
        try await noteRefusal(of: action, because: reason, in: organization, as: principal)
        return error
    }
}
