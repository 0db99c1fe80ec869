import Foundation
import Glibc

/// A file beside the database that holds nothing but room. On a full disk it is removed, so that what came of the
/// deliveries under way can still be written.
struct Ballast: Sendable {
    private let path: String

    init(besides database: String) {
        path = database + "-ballast"
    }

    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    func giveUp() {
        unlink(path)
    }

    /// Whole or not at all. A file that was only made longer would have no blocks: so they are asked for
    /// (posix_fallocate(3)).
    func make() {
        let draft = path + ".new"
        // What is left of a broken off try goes; a link in its place goes too, and is not followed.
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
