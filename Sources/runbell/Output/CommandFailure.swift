import Notifications

/// How a program learns what became of a command.
enum CommandExit: Int32 {
    /// The thing asked for was tried and failed: a test hook was not delivered, a verification found something.
    case failed = 1
    /// Not allowed, not found, or invalid: the same again would fail again.
    case refused = 2
    /// The service could not be reached, or failed itself: later it may work.
    case unavailable = 3
    /// EX_USAGE of sysexits.h, as the argument parser uses it.
    case usage = 64
    /// EX_IOERR of sysexits.h: the disk failed under the database.
    case diskFailure = 74
}

/// Why a command ends early, in words for people.
struct CommandFailure: Error, Equatable {
    let exit: CommandExit
    let text: String
    /// The service's own answer (RFC 9457), where it refused; `null` otherwise.
    let problem: JSONValue

    init(_ exit: CommandExit, _ text: String, problem: JSONValue = .null) {
        self.exit = exit
        self.text = text
        self.problem = problem
    }
}
