import Foundation

/// A lock on the data folder or on the file of a database, held until the process ends in whatever way: two processes on
/// one database would deliver everything twice.
struct LockFile: Sendable {
    private let descriptor: Int32

    /// Throws if another process holds the lock.
    init(_ folder: DataFolder) throws(CommandFailure) {
        try self.init(
            at: folder.lock, of: "the data folder \(folder.path)", instead: "choose another folder with --data")
    }

    /// A lock on a file that is not in the data folder: other processes may have other folders. In somebody's data folder,
    /// it is the lock of that folder.
    ///
    /// - Returns: nil if the lock of the data folder is enough.
    static func ofFile(_ database: DatabaseAddress, besides folder: DataFolder) throws(CommandFailure) -> LockFile? {
        guard case .sqlite(let file) = database else { return nil }
        let place = URL(fileURLWithPath: file).resolvingSymlinksInPath()
        let isInFolder = place.lastPathComponent == "runbell.db"
        let path = isInFolder ? place.deletingLastPathComponent().path + "/lock" : place.path + "-lock"
        guard !isSame(path, folder.lock) else { return nil }
        return try LockFile(at: path, of: "the database \(file)", instead: "set RUNBELL_DATABASE to another one")
    }

    private static func isSame(_ path: String, _ other: String) -> Bool {
        var (one, two) = (stat(), stat())
        guard stat(path, &one) == 0, stat(other, &two) == 0 else { return false }
        return (one.st_dev, one.st_ino) == (two.st_dev, two.st_ino)
    }

    private init(at path: String, of what: String, instead: String) throws(CommandFailure) {
        // If this were a link, the file it points to would be truncated below.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .refused, "could not open the lock \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw CommandFailure(
                .refused,
                "another runbell\(holder) is using \(what); stop it first, or \(instead)")
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
