/// Interprets ntfy's error answers (https://docs.ntfy.sh/publish/#limitations).
enum NtfyError {
    static let table = ErrorTable(
        kind: "ntfy", service: "The ntfy server",
        rows: [
            .init("40009", "topic_invalid", .gone, "the topic is invalid. Enter another one."),
            .init("40010", "topic_disallowed", .gone, "the topic's name is not allowed there. Enter another one."),
            .init("42901", "rate_limited", .retry, "too many requests; it takes one every five seconds."),
            .init("42908", "daily_limit", .retry, "the day's messages are used up. Use a plan or a server with more."),
            .init("42909", "too_many_failures", .retry, "too many requests with a wrong token. Check the token."),
            .init("50701", "storage_full", .retry, "its storage is full."),
        ])

    static func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        case 401: .gone(unauthorized)
        case 403: .gone(forbidden)
        case 413: .refused(tooLarge)
        default: .common(answer, service: "ntfy")
        }
    }

    private static let unauthorized = Finding(
        "ntfy.unauthorized", "The ntfy server rejected the access token. Create a new one and save it.")
    private static let forbidden = Finding(
        "ntfy.forbidden", "The topic is protected. Save an access token that may write to it.")
    private static let tooLarge = Finding("ntfy.too_large", "The message is too large for ntfy. \(ErrorTable.report)")
}
