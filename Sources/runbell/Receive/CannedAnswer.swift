import Notifications

/// What a stand-in answers.
struct CannedAnswer: Equatable, Sendable {
    let status: Int
    var headers: [Answer.Header] = []
    var body = ""

    /// An answer that a service gives as text.
    static func text(_ status: Int, _ body: String, type: String = "text/plain", retryAfter: Int? = nil) -> Self {
        CannedAnswer(status: status, headers: [.init("Content-Type", type)] + wait(retryAfter), body: body)
    }

    /// An answer that a service gives as JSON.
    static func json(_ status: Int, _ body: JSONValue, retryAfter: Int? = nil) -> Self {
        CannedAnswer(
            status: status, headers: [.init("Content-Type", "application/json")] + wait(retryAfter),
            body: body.compactText)
    }

    /// An answer without a body.
    static func bare(_ status: Int, retryAfter: Int? = nil) -> Self {
        CannedAnswer(status: status, headers: wait(retryAfter))
    }

    private static func wait(_ seconds: Int?) -> [Answer.Header] {
        seconds.map { [.init("Retry-After", String($0))] } ?? []
    }
}
