import Notifications

/// How the errors of one call are written: in words for people, or as one line of JSON where `--json` was asked for.
/// Both go to standard error, so that standard output holds nothing but what was asked for.
struct ErrorOutput {
    let arguments: [String]

    /// What stands behind `--` belongs to another program.
    var isJSON: Bool { arguments.prefix { $0 != "--" }.contains("--json") }

    /// `{"error": message, "exit_code": number, "problem": the service's problem details or null}`
    func report(_ failure: CommandFailure, exitCode: Int32? = nil) {
        guard isJSON else { return Console.complain(failure.text) }
        let line: JSONValue = [
            "error": .string(failure.text), "exit_code": .integer(Int64(exitCode ?? failure.exit.rawValue)),
            "problem": failure.problem,
        ]
        Console.note(line.compactText)
    }
}
