import Notifications

/// Everything the service remembers. Each method is one transaction: it checks what the principal may do inside that
/// transaction, with the roles of that moment, and writes the audit entry of what it changes in it.
package struct Repository: Sendable {
    let database: any SQLDatabase
    let vault: Vault
    /// The kinds that channels may be of.
    package let kinds: ChannelCatalogue
    /// The wall clock.
    let now: @Sendable () -> Timestamp
    /// The clock of due times, leases and pauses.
    let scheduled: @Sendable () -> Timestamp
    /// A test may want smaller pieces.
    package var settledAtOnce = Repository.deliveriesSettledAtOnce
    let hasSpace: @Sendable () -> Bool
    let refusals = RefusalBook()

    var ledger: AuditLedger { vault.ledger }

    /// - Parameters:
    ///   - scheduled: the clock of due times; nil when that is the wall clock too.
    ///   - hasSpace: whether the disk has room for what can also be written later.
    ///   - report: told when an audit log is not what the service wrote.
    package init(
        database: any SQLDatabase, kinds: ChannelCatalogue, masterKey: MasterKey,
        now: @escaping @Sendable () -> Timestamp, scheduled: (@Sendable () -> Timestamp)? = nil,
        hasSpace: @escaping @Sendable () -> Bool = { true }, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.database = database
        self.kinds = kinds
        self.vault = Vault(masterKey: masterKey, ledger: AuditLedger(report: report))
        self.now = now
        self.scheduled = scheduled ?? now
        self.hasSpace = hasSpace
    }

    /// Goes by both times of a service's clock.
    package init(
        database: any SQLDatabase, kinds: ChannelCatalogue, masterKey: MasterKey, clock: ServiceClock,
        hasSpace: @escaping @Sendable () -> Bool = { true }, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.init(
            database: database, kinds: kinds, masterKey: masterKey, now: { clock.now },
            scheduled: { clock.scheduled }, hasSpace: hasSpace, report: report)
    }

    /// What the clock says that rows are written by.
    package var time: Timestamp { now() }

    /// Fails when the database does not answer.
    package func ping() async throws(RepositoryError) {
        _ = try await database.read(.short) { connection throws(RepositoryError) in
            try connection.rows("SELECT 1", []) { row in row.integer(0) }
        }
    }
}
