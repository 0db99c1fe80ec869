import Notifications

/// A successful answer (2xx) of a service.
struct APIAnswer: Sendable {
    let status: Int
    let headers: [Answer.Header]
    let bytes: [UInt8]
    /// `null` if there is no JSON body.
    let json: JSONValue

    /// Throws the service's own message if it refused.
    init(accepting answer: Answer) throws(CommandFailure) {
        guard (200..<300).contains(answer.status) else { throw Self.failure(answer) }
        status = answer.status
        headers = answer.headers
        bytes = answer.body
        json = Self.json(answer.body)
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    private static func json(_ bytes: [UInt8]) -> JSONValue {
        (try? JSONValue.parse(bytes, limits: JSONLimits(depth: 64, items: 5_000_000))) ?? .null
    }

    private static func failure(_ answer: Answer) -> CommandFailure {
        let exit: CommandExit = (400..<500).contains(answer.status) ? .refused : .unavailable
        let problem = json(answer.body)
        return CommandFailure(exit, words(of: problem, status: answer.status), problem: problem)
    }

    /// Formats problem details (RFC 9457) for people: what, why, and every error with its field.
    private static func words(of problem: JSONValue, status: Int) -> String {
        var text = "\(problem["title"]?.string ?? "the service returned") (\(status))"
        let errors = problem["errors"]?.array ?? []
        // The detail of invalid input only says that the errors are listed.
        let isListed = problem["type"]?.string?.sameBytes(as: "/problems/invalid_input") == true && !errors.isEmpty
        if !isListed, let detail = problem["detail"]?.string { text += ": \(detail)" }
        for error in errors {
            text += "\n  \(error["field"]?.string ?? "?"): \(error["message"]?.string ?? "?")"
        }
        if status == 401 { text += "\nIs RUNBELL_KEY a key of this service?" }
        if let id = problem["request_id"]?.string, status >= 500 { text += "\n(request \(id))" }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
            .joined(separator: "\n")
    }
}
