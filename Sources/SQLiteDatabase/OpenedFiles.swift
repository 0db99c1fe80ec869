import Foundation
import Synchronization

/// The files that a database has open, and how to tell them from others that came to their place.
struct OpenedFiles: Sendable {
    private struct Identity: Equatable {
        let device: UInt64
        let number: UInt64
    }

    private let identities: [String: Identity]

    /// - Parameter path: of the database, which has been written to: then its log is there, and stays as long as it is open.
    init(of path: String) {
        identities = ["", "-wal", "-shm"].reduce(into: [:]) { $0[path + $1] = Self.found(path + $1).identity }
    }

    /// One that somebody has removed or replaced; nil if there is none. One that cannot be looked at may still be there.
    var displaced: String? {
        identities.keys.sorted().first { path in
            let (identity, isMissing) = Self.found(path)
            return isMissing || identity != nil && identity != identities[path]
        }
    }

    private static func found(_ path: String) -> (identity: Identity?, isMissing: Bool) {
        var found = stat()
        guard stat(path, &found) == 0 else { return (nil, [ENOENT, ENOTDIR].contains(errno)) }
        return (Identity(device: UInt64(found.st_dev), number: UInt64(found.st_ino)), false)
    }
}

extension SQLiteDatabase {
    /// Looks whether the files are still where they were at the first call. If not, the database counts as broken: the process
    /// would go on writing to files that the next one does not find. The log is brought into the file before, so if only the
    /// log was removed, nothing is lost.
    package func checkFiles() async {
        guard let path else { return }
        let displaced = files.withLock { files in
            let opened = files ?? OpenedFiles(of: path)
            files = opened
            return opened.displaced
        }
        if let displaced { await commits.abandon("somebody has removed or replaced \(displaced)") }
    }
}
