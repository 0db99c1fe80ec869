import Notifications

/// Everything the service remembers, divided by who may call it. The web's routes and pages get only `repository`; its
/// sign-in also gets `authenticator`.
package struct Stores: Sendable {
    /// For callers with a principal.
    package let repository: Repository
    /// For the delivery engine and the maintenance.
    package let deliveries: DeliveryStore
    /// For the maintenance and start-up.
    package let maintenance: MaintenanceStore
    /// For identifying callers.
    package let authenticator: Authenticator
    /// For the readiness check.
    package let probe: DatabaseProbe

    /// - Parameters:
    ///   - scheduled: the clock of due times; nil to use the wall clock.
    ///   - settledAtOnce: how many deliveries one transaction settles after a change of their channel; tests may want
    ///     fewer.
    ///   - contentKept: up to how many bytes of JSON an accepted event is kept in memory until its deliveries are
    ///     claimed; tests may want none to be.
    ///   - hasSpace: whether the disk has space for writes that could also wait.
    ///   - report: called when an audit log is not what the service wrote.
    package init(
        database: any SQLDatabase, kinds: ChannelCatalogue, masterKey: MasterKey,
        now: @escaping @Sendable () -> Timestamp, scheduled: (@Sendable () -> Timestamp)? = nil,
        settledAtOnce: Int = DeliveryStore.deliveriesSettledAtOnce, contentKept: Int = RecentContents.longest,
        hasSpace: @escaping @Sendable () -> Bool = { true }, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let context = StoreContext(
            database: database, vault: Vault(masterKey: masterKey, ledger: AuditLedger(report: report)), kinds: kinds,
            now: now, scheduled: scheduled ?? now, settledAtOnce: settledAtOnce, hasSpace: hasSpace,
            kept: KeptValues(contents: RecentContents(longest: contentKept)))
        repository = Repository(context: context)
        deliveries = DeliveryStore(context: context)
        maintenance = MaintenanceStore(context: context)
        authenticator = Authenticator(context: context, repository: repository)
        probe = DatabaseProbe(database: database)
    }

    /// Uses both times of a service's clock.
    package init(
        database: any SQLDatabase, kinds: ChannelCatalogue, masterKey: MasterKey, clock: ServiceClock,
        hasSpace: @escaping @Sendable () -> Bool = { true }, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.init(
            database: database, kinds: kinds, masterKey: masterKey, now: { clock.now },
            scheduled: { clock.scheduled }, hasSpace: hasSpace, report: report)
    }
}
