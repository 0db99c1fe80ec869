import Foundation

/// A file that is removed with the value.
final class TemporaryFile: Sendable {
    let path: String

    init(_ text: String) {
        path = FileManager.default.temporaryDirectory.appending(path: "runbell-\(UUID().uuidString)").path()
        _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
