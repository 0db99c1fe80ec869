import Notifications

/// Everything the service remembers, by who may call it. The web's routes and pages get `repository` alone; its sign-in
/// gets `authenticator` too.
package struct Stores: Sendable {
    /// For whoever asks.
    package let repository: Repository
    /// For the delivery engine and the maintenance.
    package let deliveries: DeliveryStore
    /// For the maintenance, and for a start.
    package let maintenance: MaintenanceStore
    /// For whoever finds out who asks.
    package let authenticator: Authenticator
    /// For whoever wants to know whether the service is ready.
    package let probe: DatabaseProbe

    /// - Parameters:
    ///   - scheduled: the clock of due times; nil when that is the wall clock too.
    ///   - settledAtOnce: how many deliveries follow a change of their channel in one transaction; a test may want fewer.
    ///   - hasSpace: whether the disk has room for what can also be written later.
    ///   - report: told when an audit log is not what the service wrote.
    package init(
        database: any SQLDatabase, kinds: ChannelCatalogue, masterKey: MasterKey,
        now: @escaping @Sendable () -> Timestamp, scheduled: (@Sendable () -> Timestamp)? = nil,
        settledAtOnce: Int = DeliveryStore.deliveriesSettledAtOnce,
        hasSpace: @escaping @Sendable () -> Bool = { true }, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let context = StoreContext(
            database: database, vault: Vault(masterKey: masterKey, ledger: AuditLedger(report: report)), kinds: kinds,
            now: now, scheduled: scheduled ?? now, settledAtOnce: settledAtOnce, hasSpace: hasSpace)
        repository = Repository(context: context)
        deliveries = DeliveryStore(context: context)
        maintenance = MaintenanceStore(context: context)
        authenticator = Authenticator(context: context, repository: repository)
        probe = DatabaseProbe(database: database)
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
}
