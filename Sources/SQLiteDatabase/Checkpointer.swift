import Dispatch
import GRDB
import Synchronization

/// Checkpoints on a connection of its own, beside the writer: copying a few megabytes into the file takes as long as
/// dozens of commits. SQLite allows this, since a checkpoint shares no lock with writers that append to the log
/// (https://www.sqlite.org/wal.html#concurrency).
final class Checkpointer: Sendable {
    private let connection: DatabaseQueue
    private let isBusy = Atomic<Bool>(false)

    /// The file must already be in WAL mode.
    init(path: String) throws {
        var configuration = Configuration.runbell(readers: 1)
        configuration.writeTargetQueue = DispatchQueue(label: "runbell.checkpoints", qos: .utility)
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }

    /// Starts a checkpoint, unless one is running. `work` gets the connection, on the checkpointer's own thread.
    func begin(_ work: @escaping @Sendable (Database) -> Void) {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return }
        connection.asyncWriteWithoutTransaction { database in
            work(database)
            self.isBusy.store(false, ordering: .releasing)
        }
    }

    /// Waits for the running checkpoint.
    func close() throws { try connection.close() }
}
