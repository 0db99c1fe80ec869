import Notifications

/// A request as a command for a shell, with secrets masked like in the request that is shown.
enum CurlCommand {
    /// Nil if the message does not go by HTTP.
    static func text(_ message: RedactedMessage) -> String? {
        guard message.transport.sameBytes(as: "HTTP"), message.envelope.count == 2 else { return nil }
        let parts = ["curl --request \(quoted(message.envelope[0].value))", quoted(message.envelope[1].value)]
        let headers = message.headers.filter { !$0.name.lowercased().sameBytes(as: "content-length") }
            .map { "--header \(quoted("\($0.name): \($0.value)"))" }
        let body = message.body.isEmpty ? [] : ["--data-raw \(quoted(message.body))"]
        return (parts + headers + body).joined(separator: " \\\n  ")
    }

    /// For a POSIX shell: nothing is special between single quotes, except the single quote.
    private static func quoted(_ text: String) -> String {
        "'\(text.replacingBytes(of: "'", with: #"'\''"#))'"
    }
}
