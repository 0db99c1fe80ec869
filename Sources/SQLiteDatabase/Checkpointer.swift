import Dispatch
import GRDB
import Synchronization

/// Checkpoints beside the writer, over a connection of its own: to bring a few megabytes into the file takes as long as
/// dozens of commits, and nobody has to wait for it. SQLite allows it: a checkpoint shares no lock with whoever appends to
/// the log (https://www.sqlite.org/wal.html#concurrency).
final class Checkpointer: Sendable {
    private let connection: DatabaseQueue
    private let isBusy = Atomic<Bool>(false)

    /// The file has its write-ahead log by then.
    init(path: String) throws {
        var configuration = Configuration.runbell(readers: 1)
        configuration.writeTargetQueue = DispatchQueue(label: "runbell.checkpoints", qos: .utility)
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }

    /// Brings what is in the log now into the file, unless that is going on already. `work` gets the connection, on the
    /// checkpointer's own thread.
    func begin(_ work: @escaping @Sendable (Database) -> Void) {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return }
        connection.asyncWriteWithoutTransaction { database in
            work(database)
            self.isBusy.store(false, ordering: .releasing)
        }
    }

    /// Waits for the checkpoint that is under way.
    func close() throws { try connection.close() }
}
