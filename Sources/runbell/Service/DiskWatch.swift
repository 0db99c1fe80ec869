import CoreMetrics
import EventRouting
import Foundation
import Glibc
import Logging
import SQLiteDatabase
import ServiceLifecycle
import Synchronization

/// Checks the free space of the database's disk every second, manages the ballast, and knows whether there is room for
/// new events.
final class DiskWatch: Service {
    private static let interval = Duration.seconds(1)

    private let folder: String
    private let ballast: Ballast
    private let logger: Logger
    private let gauge = Meter(label: "runbell_disk_free_bytes")
    private let insideGauge = Meter(label: "runbell_database_free_bytes")
    private let space = Mutex(DiskSpace())
    private let inside = Mutex(FileRoom(free: 0, size: 0))

    init(database: String, logger: Logger) {
        folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        ballast = Ballast(besides: database)
        self.logger = logger
    }

    /// Notes the unused space inside the database's file.
    func note(_ room: FileRoom) { inside.withLock { $0 = room } }

    var hasSpace: Bool { space.withLock { !$0.isShort } }

    /// Runs until the service has shut down: deliveries that end meanwhile need space too.
    func run() async throws {
        while !ServicePause.isEnding {
            look()
            await ServicePause.rest(Self.interval)
        }
    }

    /// Call this when a write found no space. What it frees is free when it returns.
    func ranOut() {
        change { space in space.ranOut() }
    }

    private func look() {
        guard let free = free() else { return }
        gauge.set(free)
        let inside = inside.withLock { $0.free }
        insideGauge.set(inside)
        change { space in space.look(free: free, inside: inside, hasBallast: ballast.isThere) }
    }

    private func change(_ decide: (inout DiskSpace) -> DiskSpace.Step?) {
        let (wasShort, isShort) = space.withLock { space in
            let wasShort = space.isShort
            switch decide(&space) {
            case .giveUpBallast: ballast.giveUp()
            case .makeBallast: ballast.make()
            case nil: break
            }
            return (wasShort, space.isShort)
        }
        if wasShort != isShort { tell(isShort) }
    }

    private func tell(_ isShort: Bool) {
        if isShort {
            logger.error("The disk is nearly full; refusing new events", metadata: ["folder": "\(folder)"])
        } else {
            logger.notice("The disk has free space again", metadata: ["folder": "\(folder)"])
        }
    }

    /// Nil if the file system does not report it.
    private func free() -> Int? {
        var found = statvfs()
        guard statvfs(folder, &found) == 0 else { return nil }
        return Int(found.f_bavail) * Int(found.f_frsize)
    }
}
