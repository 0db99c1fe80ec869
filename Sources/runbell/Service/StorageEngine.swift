import CoreMetrics
import Dispatch
import Foundation
import Glibc
import Logging
import PostgresDatabase
import Repository
import SQLiteDatabase
import ServiceLifecycle

/// The database under a service, with what belongs to its engine.
enum StorageEngine: Sendable {
    case sqlite(SQLiteDatabase, DiskWatch)
    case postgres(PostgresDatabase, PostgresLink)

    /// Opens a file, or prepares to connect.
    ///
    /// - Parameter node: the name of this process among those that share the database.
    init(_ address: DatabaseAddress, node: String, logger: Logger) throws(RepositoryError) {
        switch address {
        case .sqlite(let file):
            let watch = DiskWatch(database: file, logger: logger)
            let database = try SQLiteDatabase(
                path: file, watch: StorageWatch(ranOut: { watch.ranOut() }, broke: Self.end))
            self = .sqlite(database, watch)
        case .postgres(let address):
            let database = PostgresDatabase(address, node: node, roundTrips: Self.countedRoundTrips())
            self = .postgres(database, PostgresLink(address, database: database, node: node))
        }
    }

    private static func countedRoundTrips() -> RoundTrips {
        let (ofRead, ofWrite) = (Self.roundTrips(of: "read"), Self.roundTrips(of: "write"))
        return RoundTrips(ofRead: { ofRead.increment() }, ofWrite: { ofWrite.increment() })
    }

    private static func roundTrips(of use: String) -> Counter {
        Counter(label: "runbell_database_round_trips_total", dimensions: [("use", use)])
    }

    /// Whether there is a database of Runbell already. Creates nothing.
    static func isThere(_ address: DatabaseAddress) async throws(RepositoryError) -> Bool {
        switch address {
        case .sqlite(let file): return FileManager.default.fileExists(atPath: file)
        case .postgres(let address):
            let database = PostgresDatabase(address)
            defer { database.close() }
            return try await database.schemaVersion().found > 0
        }
    }

    var database: any SQLDatabase {
        switch self {
        case .sqlite(let database, _): database
        case .postgres(let database, _): database
        }
    }

    /// Reaches the other nodes; nil if there can be none.
    var link: (any NodeLink)? {
        switch self {
        case .sqlite: nil
        case .postgres(_, let link): link
        }
    }

    /// Whether this process does the maintenance.
    @Sendable func isInCharge() -> Bool { link?.isInCharge ?? true }

    /// The schema version found, 0 for a new database, and the one that this program needs.
    func schemaVersion() async throws(RepositoryError) -> (found: Int64, wanted: Int64) {
        switch self {
        case .sqlite(let database, _): try await database.schemaVersion()
        case .postgres(let database, _): try await database.schemaVersion()
        }
    }

    /// What an operator should know about the database's role; nil if all is well.
    func weakness() async throws(RepositoryError) -> String? {
        switch self {
        case .sqlite: return nil
        case .postgres(let database, _):
            guard try await !database.isWalled() else { return nil }
            return "Row-level security does not hold for the database's role: use one that is NOSUPERUSER NOBYPASSRLS"
        }
    }

    /// Whether there is space for new events. A server's disk is watched by whoever runs the server.
    @Sendable func hasSpace() -> Bool {
        switch self {
        case .sqlite(_, let watch): watch.hasSpace
        case .postgres: true
        }
    }

    /// What looks after the database while the service runs.
    func services(_ logger: Logger) -> [any Service] {
        switch self {
        case .sqlite(let database, let watch): [watch, FileKeeper(database: database, watch: watch, logger: logger)]
        case .postgres(_, let link): [LinkService(link: link)]
        }
    }

    /// Stops after everything that has something to tell.
    private struct LinkService: Service {
        let link: PostgresLink

        func run() async throws {
            link.start()
            try? await gracefulShutdown()
            await link.end()
        }
    }

    /// Nothing may be using the database anymore.
    func close() throws(RepositoryError) {
        switch self {
        case .sqlite(let database, _): try database.close()
        case .postgres(let database, _): database.close()
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
