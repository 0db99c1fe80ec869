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

    /// The status of the run, where the exit codes of the command mean this.
    func status(_ codes: ExitCodes) -> TestStatus {
        if timedOut { return .timedOut }
        if interrupted { return .abortedByUser }
        return switch exit {
        case .code(let code): codes[code]
        case .signal: .abortedBySystem
        }
    }
}
