import Foundation
import Notifications

/// A file, or standard input, which is called `-`.
enum InputFile {
    static func json(_ path: String) throws(CommandFailure) -> JSONValue {
        let data = try read(path)
        do throws(JSONError) {
            return try JSONValue.parse(data)
        } catch {
            throw CommandFailure(.refused, "\(path): \(error.message)")
        }
    }

    static func text(_ path: String) throws(CommandFailure) -> String {
        guard let text = String(data: try read(path), encoding: .utf8) else {
            throw CommandFailure(.refused, "\(path) is not text")
        }
        return text
    }

    private static func read(_ path: String) throws(CommandFailure) -> Data {
        let data = path == "-" ? try? FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: path)
        guard let data else { throw CommandFailure(.refused, "\(path) cannot be read") }
        return data
    }
}
