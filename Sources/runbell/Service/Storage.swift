import Dispatch
import Foundation
import Glibc
import Logging
import Notifications
import Repository
import SQLiteDatabase

/// An open data folder: the lock, the keys, and the database at this version's schema.
struct Storage: Sendable {
    let lock: LockFile
    let keys: ServiceKeys
    let database: SQLiteDatabase
    let stores: Stores
    let watch: DiskWatch
    let clock: ServiceClock
    /// The schema's version before and after.
    let schema: (before: Int64, now: Int64)

    init(_ plan: ServicePlan, logger: Logger = Logger(label: "runbell")) async throws(CommandFailure) {
        // Nobody else may read the files that SQLite creates.
        umask(0o077)
        try plan.folder.make()
        lock = try LockFile(plan.folder)
        keys = try ServiceKeys(plan.folder, isDatabaseThere: FileManager.default.fileExists(atPath: plan.databaseFile))
        guard let masterKey = MasterKey(base64: keys.master.reveal()) else {
            throw CommandFailure(.refused, "\(plan.folder.masterKey) does not hold a master key")
        }
        let watch = DiskWatch(database: plan.databaseFile, logger: logger)
        self.watch = watch
        let (before, isOurs): (Int64, Bool)
        do throws(RepositoryError) {
            database = try SQLiteDatabase(
                path: plan.databaseFile, watch: StorageWatch(ranOut: { watch.ranOut() }, broke: Self.end))
            before = try await database.schemaVersion().found
            let probe = Stores(database: database, kinds: plan.kinds, masterKey: masterKey, now: { Clock.now })
            isOurs = before == 0 ? true : try await probe.maintenance.isOfThisMasterKey()
        } catch {
            throw Self.unopened(plan, error)
        }
        guard isOurs else {
            throw CommandFailure(
                .refused,
                "\(plan.folder.masterKey) is not the key of the database \(plan.databaseFile); "
                    + "restore the right file. Nothing was changed")
        }
        do throws(RepositoryError) {
            try await database.migrate()
            schema = (before, try await database.schemaVersion().found)
            clock = try await ServiceClock.load(
                from: database, wall: { Clock.now }, steady: { Clock.steady }, boot: Clock.boot)
        } catch {
            throw Self.unopened(plan, error)
        }
        stores = Stores(
            database: database, kinds: plan.kinds, masterKey: masterKey, clock: clock, hasSpace: { watch.hasSpace },
            report: { AuditAlarm.raise($0, logger) })
        try await Self.begin(stores.maintenance, logger)
    }

    private static func unopened(_ plan: ServicePlan, _ error: RepositoryError) -> CommandFailure {
        let reason = if case .unavailable(let words) = error { words } else { "\(error)" }
        return CommandFailure(.failed, "could not open the database \(plan.databaseFile): \(reason)")
    }

    /// Notes whose database this is, and reports problems with its audit logs. They stop nothing: notifications go on,
    /// and the logs record the problem themselves.
    private static func begin(_ store: MaintenanceStore, _ logger: Logger) async throws(CommandFailure) {
        do throws(RepositoryError) {
            try await store.noteMasterKey()
            for finding in try await store.auditFindings() { AuditAlarm.raise(finding, logger) }
        } catch {
            throw CommandFailure(.failed, "could not read the database: \(error)")
        }
    }

    /// Nothing may be using the database anymore.
    func close() throws(CommandFailure) {
        do throws(RepositoryError) {
            try database.close()
        } catch {
            throw CommandFailure(.failed, "the database was not closed properly: \(error)")
        }
    }

    /// Ends the process once waiting callers have had time to be answered. No exit handlers may run: SQLite would
    /// checkpoint pages that it cannot trust. The supervisor starts a new process, which reads the write-ahead log
    /// again.
    @Sendable private static func end(_ reason: String) {
        Console.complain("the disk failed under the database, so this process stops: \(reason)")
        // Not a task, because all task threads may be busy.
        DispatchQueue.global().asyncAfter(deadline: .now() + farewell) { _exit(CommandExit.diskFailure.rawValue) }
    }

    private static let farewell = 0.5
}
