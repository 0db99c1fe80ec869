import EventRouting
import Logging
import Notifications
import Repository
import SQLiteDatabase
import ServiceLifecycle

/// Minds that the database's files stay where they are, reports the unused space inside the file to `DiskWatch`, and returns it
/// to the disk in small pieces.
struct FileKeeper: Service {
    private static let interval = Duration.seconds(1)

    let database: SQLiteDatabase
    let watch: DiskWatch
    let logger: Logger

    func run() async throws {
        while !ServicePause.isEnding {
            await database.checkFiles()
            do throws(RepositoryError) {
                try await shrink()
            } catch {
                logger.failure("Could not shrink the database file", error)
            }
            await ServicePause.rest(Self.interval)
        }
    }

    private func shrink() async throws(RepositoryError) {
        while !ServicePause.isEnding {
            let room = try await database.room()
            watch.note(room)
            guard FileShrinking.isWorthIt(room, onShortDisk: !watch.hasSpace) else { return }
            let start = ContinuousClock.now
            try await database.giveBack(pages: FileShrinking.pagesAtOnce)
            await ServicePause.rest(FileShrinking.rest(after: ContinuousClock.now - start))
        }
    }
}
