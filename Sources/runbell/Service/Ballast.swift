import Foundation
import Glibc

/// A file beside the database that only takes up space. On a full disk it is removed, so that the results of deliveries
/// in flight can still be written.
struct Ballast: Sendable {
    private let path: String

    init(besides database: String) {
        path = database + "-ballast"
    }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    func giveUp() {
        unlink(path)
    }

    /// Creates the file completely or not at all. A file that was only extended would be sparse, so its blocks are
    /// allocated (posix_fallocate(3)).
    func make() {
        let draft = path + ".new"
        // Removes the leftovers of an interrupted attempt, and a link in its place without following it.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard posix_fallocate(descriptor, 0, off_t(DiskSpace.ballast)) == 0, rename(draft, path) == 0 else {
            unlink(draft)
            return
        }
    }
}
