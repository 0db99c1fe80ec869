import Foundation

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
    }
}
