import Glibc
import Logging
import Notifications
import Repository

/// An open data folder: the lock, the keys, and the database at this version's schema.
struct Storage: Sendable {
    let lock: LockFile
    let keys: ServiceKeys
    let node: Node
    let engine: StorageEngine
    let stores: Stores
    let clock: ServiceClock
    /// The schema's version before and after.
    let schema: (before: Int64, now: Int64)

    init(_ plan: ServicePlan, logger: Logger = Logger(label: "runbell")) async throws(CommandFailure) {
        // Nobody else may read the files that SQLite creates.
        umask(0o077)
        try plan.folder.make()
        lock = try LockFile(plan.folder)
        _ = try LockFile.ofFile(plan.database, besides: plan.folder)
        node = try NodeName.node(of: plan)
        let isThere = try await Self.isThere(plan)
        keys = try ServiceKeys(plan.folder, plan.keys, isDatabaseThere: isThere)
        guard let masterKey = MasterKey(base64: keys.master.reveal()) else {
            throw CommandFailure(.refused, "\(plan.masterKeySource) does not hold a master key")
        }
        let (before, isOurs): (Int64, Bool)
        do throws(RepositoryError) {
            engine = try StorageEngine(plan.database, node: node.id, logger: logger)
            before = try await engine.schemaVersion().found
            let probe = Stores(database: engine.database, kinds: plan.kinds, masterKey: masterKey, now: { Clock.now })
            isOurs = before == 0 ? true : try await probe.maintenance.isOfThisMasterKey()
        } catch {
            throw Self.unopened(plan, error)
        }
        guard isOurs else { throw Self.foreignKey(plan) }
        schema = (before, try await Self.migrate(engine, plan))
        if isThere, before == 0 { logger.warning("The database was there, but empty: this is a new one") }
        do throws(RepositoryError) {
            if let weakness = try await engine.weakness() { logger.warning("\(weakness)") }
            clock = try await Self.clock(engine)
        } catch {
            throw Self.unopened(plan, error)
        }
        stores = Stores(
            database: engine.database, kinds: plan.kinds, masterKey: masterKey, clock: clock,
            hasSpace: engine.hasSpace,
            report: { AuditAlarm.raise($0, logger) })
        try await Self.begin(stores.maintenance, plan, logger)
    }

    private static func clock(_ engine: StorageEngine) async throws(RepositoryError) -> ServiceClock {
        if let link = engine.link {
            return try await ServiceClock.load(from: engine.database, following: link, steady: { Clock.steady })
        }
        return try await ServiceClock.load(
            from: engine.database, wall: { Clock.now }, steady: { Clock.steady }, boot: Clock.boot)
    }

    private static func foreignKey(_ plan: ServicePlan) -> CommandFailure {
        CommandFailure(
            .refused,
            "\(plan.masterKeySource) is not the key of the database \(plan.database.shown); "
                + "restore the right one. Nothing was changed")
    }

    /// Returns the schema's version. Refuses a store that was moved, and one that is not complete.
    private static func migrate(_ engine: StorageEngine, _ plan: ServicePlan) async throws(CommandFailure) -> Int64 {
        let (version, state): (Int64, StoreState)
        do throws(RepositoryError) {
            try await engine.database.migrate()
            version = try await engine.schemaVersion().found
            state = try await StoreState.read(engine.database)
        } catch {
            throw unopened(plan, error)
        }
        switch state {
        case .own: return version
        case .moved(let address):
            throw CommandFailure(
                .refused, "\(plan.database.shown) was moved to \(address); start with RUNBELL_DATABASE set to that")
        case .unfinished(let address):
            throw CommandFailure(
                .refused, "\(plan.database.shown) is an unfinished copy of \(address); run runbell copy-store again")
        }
    }

    static func isThere(_ plan: ServicePlan) async throws(CommandFailure) -> Bool {
        do throws(RepositoryError) {
            return try await StorageEngine.isThere(plan.database)
        } catch {
            throw unopened(plan, error)
        }
    }

    static func unopened(_ plan: ServicePlan, _ error: RepositoryError) -> CommandFailure {
        let reason = if case .unavailable(let words) = error { words } else { "\(error)" }
        return CommandFailure(.failed, "could not open the database \(plan.database.shown): \(reason)")
    }

    /// Notes whose database this is, and reports problems with its audit logs. They stop nothing: notifications go on,
    /// and the logs record the problem themselves.
    private static func begin(
        _ store: MaintenanceStore, _ plan: ServicePlan, _ logger: Logger
    ) async throws(CommandFailure) {
        AuditAlarm.prepare()
        let isOurs: Bool
        do throws(RepositoryError) {
            isOurs = try await store.noteMasterKey()
            for finding in try await store.auditFindings() { AuditAlarm.raise(finding, logger) }
        } catch {
            throw CommandFailure(.failed, "could not read the database: \(error)")
        }
        guard isOurs else { throw foreignKey(plan) }
    }

    /// Nothing may be using the database anymore.
    func close() throws(CommandFailure) {
        do throws(RepositoryError) {
            try engine.close()
        } catch {
            throw CommandFailure(.failed, "the database was not closed properly: \(error)")
        }
    }
}
