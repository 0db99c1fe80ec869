import Notifications

/// What all stores share: the database, the keys, the clocks, and the state kept between transactions.
struct StoreContext: Sendable {
    let database: any SQLDatabase
    let vault: Vault
    let kinds: ChannelCatalogue
    /// The wall clock.
    let now: @Sendable () -> Timestamp
    /// The clock of due times, leases and pauses.
    let scheduled: @Sendable () -> Timestamp
    /// How many deliveries one transaction settles after a change of their channel.
    let settledAtOnce: Int
    /// Whether the disk has space for writes that could also wait.
    let hasSpace: @Sendable () -> Bool
    let kept: KeptValues
    let refusals = RefusalBook()
    let intake = EventIntake()

    var ledger: AuditLedger { vault.ledger }

    /// A body over an open connection, with what it needs to write audit entries.
    typealias Work<Value> = @Sendable (any SQLConnection, AuditLog.Pen) throws(RepositoryError) -> Value

    /// What one run of a body needs to write audit entries.
    func pen() -> AuditLog.Pen { AuditLog.Pen(vault: vault, at: now()) }

    /// One transaction. Problems that it finds with an audit log are reported once the entry about them is on disk.
    func write<Value: Sendable>(
        in scope: DataScope, _ work: @escaping Work<Value>
    ) async throws(RepositoryError) -> Value {
        let (value, findings) = try await database.write(in: scope) { [self] connection throws(RepositoryError) in
            let pen = pen()
            return (try work(connection, pen), pen.findings.texts)
        }
        for finding in findings { ledger.report(finding) }
        return value
    }

    /// One transaction by the service itself, without a caller. The body gets a transaction for each organization
    /// involved.
    func serve<Value: Sendable>(
        _ body: @escaping @Sendable (@escaping (OrganizationID) -> Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await write(in: .wholeService) { [self] connection, pen throws(RepositoryError) in
            try body { organization in transaction(in: organization, with: pen, on: connection) }
        }
    }

    /// The same for a single organization.
    func serve<Value: Sendable>(
        _ organization: OrganizationID, _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await write(in: .organization(organization)) { [self] connection, pen throws(RepositoryError) in
            try body(transaction(in: organization, with: pen, on: connection))
        }
    }

    /// Reads one organization's data for the service, or for a caller whose permission has been checked.
    func read<Value: Sendable>(
        _ read: DatabaseRead = .own, of organization: OrganizationID,
        _ body: @escaping @Sendable (Transaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.read(read, in: .organization(organization)) { [self] connection throws(RepositoryError) in
            try body(transaction(in: organization, with: pen(), on: connection))
        }
    }

    /// What a body works with.
    func transaction(
        in organization: OrganizationID, as principal: Principal = .operator, from source: String = "",
        with pen: AuditLog.Pen, on connection: any SQLConnection
    ) -> Transaction {
        Transaction(
            connection: connection, pen: pen, kinds: kinds, due: scheduled(), organization: organization,
            principal: principal, settledAtOnce: settledAtOnce, source: source, kept: kept)
    }
}
