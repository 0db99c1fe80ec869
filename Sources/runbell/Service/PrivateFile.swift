import Foundation
import Glibc

/// Small files that only their owner may read.
enum PrivateFile {
    /// Reads a file; nil if it does not exist. Refuses a file that others may read.
    ///
    /// - Parameter forGroup: whether its group may read it too, as where an orchestrator provides it.
    static func read(_ path: String, forGroup: Bool = false) throws(CommandFailure) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int ?? 0
        guard mode & (forGroup ? 0o027 : 0o077) == 0 else {
            throw CommandFailure(
                .refused, "others can read \(path); run chmod 600 \(path), and consider who may have read it")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.refused, "\(path) cannot be read")
        }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Writes a file completely or not at all; it is on disk when this returns.
    static func write(_ path: String, _ text: String) throws(CommandFailure) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let bytes = Array((text + "\n").utf8)
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
            close(descriptor) == 0, rename(draft, path) == 0
        else { throw CommandFailure(.refused, "\(path) cannot be written: \(String(cString: strerror(errno)))") }
        syncFolder(of: path)
    }

    /// A new name is durable only once its folder is on disk (fsync(2)).
    private static func syncFolder(of path: String) {
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
