import Logging
import Notifications
import Repository
import SQLiteDatabase
import ServiceLifecycle

/// Tells the disk's watch what room there is inside the database's file, and gives it back to the disk in small pieces.
struct FileKeeper: Service {
    private static let interval = Duration.seconds(1)

    let database: SQLiteDatabase
    let watch: DiskWatch
    let logger: Logger

    func run() async throws {
        while !isEnding {
            do throws(RepositoryError) {
                try await shrink()
            } catch {
                logger.error("Room in the database's file was not given back", metadata: ["error": "\(error)"])
            }
            await sleep(Self.interval)
        }
    }

    private var isEnding: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    private func shrink() async throws(RepositoryError) {
        while !isEnding {
            let room = try await database.room()
            watch.note(room)
            guard FileShrinking.isWorthIt(room, onShortDisk: !watch.hasSpace) else { return }
            let start = ContinuousClock.now
            try await database.giveBack(pages: FileShrinking.pagesAtOnce)
            await sleep(FileShrinking.rest(after: ContinuousClock.now - start))
        }
    }

    /// Ends early when the service does.
    private func sleep(_ time: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: time) }
    }
}
