import Foundation

/// A lock on the data folder, held until the process ends in whatever way: two processes on one database would deliver
/// everything twice.
struct LockFile: Sendable {
    private let descriptor: Int32

    /// Throws if another process holds the lock.
    init(_ folder: DataFolder) throws(CommandFailure) {
        // If this were a link, the file it points to would be truncated below.
        let descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .refused, "could not open the lock \(folder.lock): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw CommandFailure(
                .refused,
                "another runbell\(holder) is using the data folder \(folder.path); "
                    + "stop it first, or choose another folder with --data"
            )
        }
        self.descriptor = descriptor
        let process = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, process, process.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { " (process \($0))" } ?? ""
    }
}
