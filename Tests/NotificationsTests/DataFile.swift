import Foundation

/// A file under Data, in the source tree: golden files are rewritten in place.
enum DataFile {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    static func url(_ path: String) -> URL {
        folder.appending(path: "Data").appending(path: path)
    }

    static func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: url(path))
    }

    /// A file in Tests/Data, which other targets' tests read too.
    static func shared(_ path: String) throws -> Data {
        try Data(contentsOf: folder.deletingLastPathComponent().appending(path: "Data").appending(path: path))
    }
}
