import Foundation

/// Looks up a command before anybody is notified of a run that cannot start.
enum CommandSearch {
    /// Throws with a shell's message and exit code.
    static func check(_ command: String, path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        throws(StartFailure)
    {
        if command.contains("/"), isFolder(command) { throw StartFailure(error: EISDIR) }
        let folders = command.contains("/") ? [""] : path.split(separator: ":").map { "\($0)/" }
        let found = folders.map { $0 + command }.filter { isFile($0) }
        guard !found.isEmpty else { throw StartFailure(error: ENOENT) }
        guard found.contains(where: { access($0, X_OK) == 0 }) else { throw StartFailure(error: EACCES) }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func isFile(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path) && !isFolder(path)
    }
}
