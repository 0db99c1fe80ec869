import Foundation
import Glibc

/// The folder with everything that a service stores.
struct DataFolder: Sendable {
    let path: String

    var lock: String { path + "/lock" }
    var masterKey: String { path + "/master.key" }
    var operatorKey: String { path + "/operator.key" }
    /// The name of this node among those that share a database.
    var node: String { path + "/node" }

    /// Creates the folder for its owner only, unless it exists.
    func make() throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.refused, "could not create the data folder \(path): \(error.localizedDescription)")
        }
        try check()
    }

    /// Whoever may write to the folder could replace our files.
    private func check() throws(CommandFailure) {
        var found = stat()
        guard stat(path, &found) == 0 else {
            throw CommandFailure(.refused, "could not inspect the data folder \(path)")
        }
        guard found.st_uid == geteuid() else {
            throw CommandFailure(
                .refused, "the data folder \(path) belongs to another user; use one that belongs to the service's user")
        }
        guard found.st_mode & 0o022 == 0 else {
            throw CommandFailure(
                .refused, "others can write to the data folder \(path); run chmod 700 \(path), and check who did")
        }
    }
}
