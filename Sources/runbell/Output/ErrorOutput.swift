import Notifications

/// Writes the errors of a command: for people, or as one line of JSON with `--json`. Both go to standard error, so that
/// standard output contains only results.
struct ErrorOutput {
    let arguments: [String]

    /// Everything after `--` belongs to another program.
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
