import Foundation

/// A file, or a folder, that goes with the test.
final class TemporaryFile: Sendable {
    let path: String

    init(_ text: String) {
        path = FileManager.default.temporaryDirectory.appending(path: "runbell-\(UUID().uuidString)").path()
        _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
    }

    /// A folder.
    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "runbell-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
