import Foundation
import Glibc
import Synchronization

/// Writes results to standard output and everything else to standard error. Each call writes at once: another process
/// may be waiting for the line.
enum Console {
    static func say(_ text: String) {
        say(bytes: Array((text + "\n").utf8))
    }

    static func say(bytes: [UInt8]) {
        let code = write(bytes, to: STDOUT_FILENO)
        if code != 0, code != EPIPE { lost.withLock { $0 = $0 ?? code } }
    }

    static func note(_ text: String) {
        _ = write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    static func complain(_ text: String) {
        note("runbell: \(text)")
    }

    /// Overwrites the line before, to show progress; does nothing unless a person is watching.
    static func progress(_ text: String) {
        guard Terminal.errors.isTerminal else { return }
        _ = write(Array("\r\u{1B}[K\(text)".utf8), to: STDERR_FILENO)
    }

    /// Why some of the results are not where they were to go; nil if all are. A reader that is gone
    /// (`runbell channels list | head -1`) has what it wants.
    static var failure: CommandFailure? {
        lost.withLock { $0 }.map {
            CommandFailure(.failed, "could not write the output: \(String(cString: strerror($0)))")
        }
    }

    private static let lost = Mutex<Int32?>(nil)

    /// 0, or the error's number.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count < 0 else {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: break
            case EAGAIN:
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&room, 1, -1)
            default: return errno
            }
        }
        return 0
    }
}
