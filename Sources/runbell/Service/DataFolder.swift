import Foundation
import Glibc

/// The folder that holds all that a service remembers.
struct DataFolder: Sendable {
    let path: String

    var lock: String { path + "/lock" }
    var masterKey: String { path + "/master.key" }
    var operatorKey: String { path + "/operator.key" }

    /// Makes the folder for its owner only, unless it is there.
    func make() throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.refused, "the data folder \(path) cannot be made: \(error.localizedDescription)")
        }
        try check()
    }

    /// Whoever may write in the folder can put other files in the place of ours.
    private func check() throws(CommandFailure) {
        var found = stat()
        guard stat(path, &found) == 0 else {
            throw CommandFailure(.refused, "the data folder \(path) cannot be looked at")
        }
        guard found.st_uid == geteuid() else {
            throw CommandFailure(
                .refused, "the data folder \(path) belongs to another user; take one that belongs to the service's own")
        }
        guard found.st_mode & 0o022 == 0 else {
            throw CommandFailure(
                .refused, "others may write in the data folder \(path); say chmod 700 \(path), and look who has")
        }
    }
}
