/// Interprets GitHub's answers other than success
/// (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api).
enum GitHubError {
    /// Nil if the answer has no meaning of its own.
    static func verdict(on answer: Answer) -> Verdict? {
        let message = answer.json?["message"]?.string
        switch answer.status {
        case 300..<400 where message != nil: return .refused(moved(answer.status))
        case 401: return .gone(unauthorized)
        case 403, 429: return limit(answer, message) ?? (answer.status == 403 ? .refused(forbidden) : nil)
        case 404: return .refused(notFound)
        case 422: return table.verdict(onSentence: reasons(answer, message), after: nil) ?? .refused(invalid)
        default: return nil
        }
    }

    /// The message, and the reasons that stand beside a `Validation Failed`.
    private static func reasons(_ answer: Answer, _ message: String?) -> String {
        let more = (answer.json?["errors"]?.array ?? []).compactMap { $0["message"]?.string }
        return ([message].compactMap { $0 } + more).joined(separator: " ")
    }

    /// The test's answer says whether the token may write; nil if it describes no repository.
    static func verdict(onRepository answer: Answer) -> Verdict? {
        guard let repository = answer.json, repository["full_name"]?.string != nil else { return nil }
        let mayWrite = repository["permissions"]?["push"]?.bool ?? true
        return mayWrite ? .delivered : .refused(forbidden)
    }

    /// A rate limit is a 403 or 429 with nothing left, with a wait, or with a message that says so
    /// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
    private static func limit(_ answer: Answer, _ message: String?) -> Verdict? {
        let isUsedUp = answer.header("X-RateLimit-Remaining").map { $0.sameBytes(as: "0") } ?? false
        let words = Array("rate limit".utf8)
        let saysSo = message?.prefix(bytes: 1000).lowercased().utf8.contains(words) ?? false
        guard isUsedUp || saysSo || answer.header("Retry-After") != nil || answer.status == 429 else { return nil }
        let reset = isUsedUp ? answer.header("X-RateLimit-Reset").flatMap { Int64($0) } : nil
        let wait = reset.flatMap { RetryAfter.until(second: $0, from: answer.at) }
        return .retry(rateLimited, after: [answer.retryAfter, wait].compactMap { $0 }.max())
    }

    private static let table = ErrorTable(
        kind: "github", service: "GitHub",
        rows: [
            .init(
                "No commit found for SHA", "no_such_commit", .refused,
                "the repository has no such commit. Events of another repository need a channel of their own."),
            .init(
                "maximum number of statuses", "too_many_statuses", .refused,
                "the commit has 1,000 statuses of this load test already."),
        ])

    private static func moved(_ status: Int) -> Finding {
        Finding(
            "github.moved",
            "GitHub returned \(status): the repository was renamed or moved. Runbell does not follow redirects; save its "
                + "new name.")
    }

    private static let unauthorized = Finding(
        "github.unauthorized", "GitHub rejected the token: it is wrong, expired or revoked. Save a new one.")
    private static let forbidden = Finding(
        "github.forbidden", "The token may not set commit statuses in this repository. Give it write access to them.")
    private static let notFound = Finding(
        "github.not_found", "GitHub knows no such repository, or the token may not see it. Check both.")
    private static let invalid = Finding("github.invalid_status", "GitHub rejected this status. \(ErrorTable.report)")
    private static let rateLimited = Finding(
        "github.rate_limited", "The token has used up what GitHub allows it for now.")
}
