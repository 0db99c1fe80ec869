import Notifications

/// The exit codes of commands.
enum CommandExit: Int32 {
    /// The operation was carried out and failed: a test hook was not delivered, a verification found something.
    case failed = 1
    /// Not allowed, not found, or invalid: trying again would fail again.
    case refused = 2
    /// The service could not be reached, or failed itself: trying again later may work.
    case unavailable = 3
    /// EX_USAGE of sysexits.h, as the argument parser uses it.
    case usage = 64
    /// EX_IOERR of sysexits.h: the disk failed under the database.
    case diskFailure = 74
}

/// Why a command failed, for people.
struct CommandFailure: Error, Equatable {
    let exit: CommandExit
    let text: String
    /// The service's problem details (RFC 9457) if it refused; otherwise `null`.
    let problem: JSONValue

    init(_ exit: CommandExit, _ text: String, problem: JSONValue = .null) {
        self.exit = exit
        self.text = text
        self.problem = problem
    }
}
