import Notifications

/// How a watched command ended, and what that means for the run.
struct RunEnding: Equatable, Sendable {
    enum Exit: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    let exit: Exit
    /// The time-out of `watch` came before the end of the command.
    let timedOut: Bool
    /// The end was requested: Ctrl-C, or a signal to `watch`.
    let interrupted: Bool

    init(_ exit: Exit, timedOut: Bool = false, interrupted: Bool = false) {
        self.exit = exit
        self.timedOut = timedOut
        self.interrupted = interrupted
    }

    /// The exit code a shell would use: the code itself, or 128 plus the signal's number.
    var code: Int32 {
        switch exit {
        case .code(let code): code
        case .signal(let signal): 128 + signal
        }
    }

    /// Interprets k6's exit codes (https://pkg.go.dev/go.k6.io/k6/errext/exitcodes). A script decides whether a failed
    /// threshold aborts it, but k6 exits with 99 either way: `abortOnFail` says which.
    func status(abortOnFail: Bool) -> TestStatus {
        if timedOut { return .timedOut }
        if interrupted { return .abortedByUser }
        return switch exit {
        case .code(0): .finished
        case .code(99): abortOnFail ? .abortedByThreshold : .failedThreshold
        case .code(105): .abortedByUser
        case .code(107), .code(108): .abortedByScriptError
        default: .abortedBySystem
        }
    }
}
