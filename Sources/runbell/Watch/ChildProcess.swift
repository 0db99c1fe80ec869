import Foundation
import Glibc

/// A child process: in our process group (so the terminal's keys reach it as usual), with our standard input, output
/// and error, and with the signal handling that this process inherited.
struct ChildProcess: Sendable {
    let id: pid_t

    /// With `variables` in addition to those of this process.
    init(
        _ command: [String], variables: [String: String] = [:], inheriting inherited: InheritedSignals
    ) throws(StartFailure) {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        inherited.apply(to: &attributes)
        var arguments = command.map { strdup($0) } + [nil]
        defer { for text in arguments { free(text) } }
        let all = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        var environment = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in environment { free(text) } }
        var id: pid_t = 0
        let error = posix_spawnp(&id, command[0], nil, &attributes, &arguments, &environment)
        guard error == 0 else { throw StartFailure(error: error) }
        self.id = id
    }

    func send(_ signal: Int32) {
        kill(id, signal)
    }

    /// How it ended; nil while it runs. Once it has ended, the child is reaped, and this must not be called again.
    func poll() -> RunEnding.Exit? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        // The macros of wait(2): the low seven bits are the signal, the next byte is the code.
        let signal = status & 0x7F
        return signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
    }
}

/// Why a command could not be started.
struct StartFailure: Error {
    let error: Int32

    /// The exit code a shell would use: 127 if not found, 126 if it cannot be executed.
    var code: Int32 { error == ENOENT ? 127 : 126 }
    var text: String { String(cString: strerror(error)) }
}

/// The signal handling from before this process changed anything. SwiftNIO ignores SIGPIPE, and Dispatch's threads
/// block most signals; a child would inherit both and, for example, never end after a closed pipe.
struct InheritedSignals: Sendable {
    private let ignoresPipe: Bool

    /// Must be created before anything else.
    init() {
        self.init(ignoresPipe: SignalInbox.isIgnored(SIGPIPE))
    }

    init(ignoresPipe: Bool) {
        self.ignoresPipe = ignoresPipe
    }

    fileprivate func apply(to attributes: inout posix_spawnattr_t) {
        var defaults = sigset_t()
        sigemptyset(&defaults)
        if !ignoresPipe { sigaddset(&defaults, SIGPIPE) }
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    }
}
