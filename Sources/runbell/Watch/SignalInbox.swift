import Glibc
import Synchronization

/// The write end of the inbox's pipe, for the signal handler: a plain number that is set before the handler is.
private let inboxWriteEnd = Atomic<Int32>(-1)

/// Signals as bytes in a pipe, each with whether it came from the terminal: a handler may do almost nothing
/// (signal-safety(7)), the reader of a pipe everything.
struct SignalInbox: Sendable {
    struct Letter: Equatable, Sendable {
        let signal: Int32
        /// The terminal sends Ctrl-C to every process in its foreground, so the child has it already. `kill` sends to
        /// one process (sigaction(2): the kernel's `si_code` is positive, `SI_USER` and the like are not).
        let isFromTerminal: Bool
    }

    /// The signals that ask a command to end.
    static let endings: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    let readEnd: Int32
    /// The signals that were ignored when this process started (`nohup`, a shell's `&`). The child starts with them
    /// ignored, as it would without us.
    let ignoredAtStart: [Int32]

    /// Only one may exist at a time.
    init() throws(CommandFailure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandFailure(.failed, "could not open a pipe for signals: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        inboxWriteEnd.store(ends[1], ordering: .sequentiallyConsistent)
        ignoredAtStart = Self.endings.filter(Self.isIgnored)
        Self.listen(to: Self.endings.filter { !ignoredAtStart.contains($0) } + [SIGCHLD])
    }

    /// Also listens to signals that were ignored at the start. Call it once the child is running.
    func listenToAll() {
        Self.listen(to: ignoredAtStart)
    }

    /// The signals received since the last call.
    func letters() -> [Letter] {
        var letters: [Letter] = []
        var bytes: [UInt8] = [0, 0]
        while read(readEnd, &bytes, 2) == 2 {
            letters.append(Letter(signal: Int32(bytes[0]), isFromTerminal: bytes[1] == 1))
        }
        return letters
    }

    /// Waits for a signal, or until the time is up.
    func wait(milliseconds: Int32) {
        var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, milliseconds)
    }

    static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    private static func listen(to signals: [Int32]) {
        var action = sigaction()
        action.sa_flags = SA_SIGINFO | SA_RESTART
        action.__sigaction_handler.sa_sigaction = { signal, information, _ in
            let isFromTerminal = (information?.pointee.si_code ?? 0) > 0
            let letter: (UInt8, UInt8) = (UInt8(truncatingIfNeeded: signal), isFromTerminal ? 1 : 0)
            let before = errno
            withUnsafeBytes(of: letter) {
                _ = write(inboxWriteEnd.load(ordering: .sequentiallyConsistent), $0.baseAddress, 2)
            }
            errno = before
        }
        for signal in signals { sigaction(signal, &action, nil) }
    }
}
