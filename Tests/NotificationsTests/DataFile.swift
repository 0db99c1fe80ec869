import Foundation

/// A file under Data, where it stands in the sources: golden files are rewritten in place.
enum DataFile {
    static func url(_ path: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data").appending(path: path)
    }

    static func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: url(path))
    }
}
