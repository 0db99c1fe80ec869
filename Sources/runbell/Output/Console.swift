import Foundation

/// Writes results to standard output and everything else to standard error. Each call writes at once: another process
/// may be waiting for the line.
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

    /// Overwrites the line before, to show progress; does nothing unless a person is watching.
    static func progress(_ text: String) {
        guard Terminal.errors.isTerminal else { return }
        write("\r\u{1B}[K\(text)", to: .standardError)
    }

    /// A reader that is gone (`runbell channels list | head -1`) is not an error.
    private static func write(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
