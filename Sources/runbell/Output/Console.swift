import Foundation

/// Standard output for what was asked for, standard error for what is said about it. Each call writes at once: another
/// process may be waiting for the line.
enum Console {
    static func say(_ text: String) {
        write(text + "\n", to: .standardOutput)
    }

    static func say(bytes: [UInt8]) {
        try? FileHandle.standardOutput.write(contentsOf: Data(bytes))
    }

    static func note(_ text: String) {
        write(text + "\n", to: .standardError)
    }

    static func complain(_ text: String) {
        note("runbell: \(text)")
    }

    /// Writes over the line before, for progress; nothing unless a person is watching.
    static func progress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write("\r\u{1B}[K\(text)", to: .standardError)
    }

    /// A reader that went away (`runbell channels list | head -1`) is no error of ours.
    private static func write(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
