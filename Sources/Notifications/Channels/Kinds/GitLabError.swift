/// Interprets GitLab's answers other than success (https://docs.gitlab.com/api/rest/troubleshooting/).
enum GitLabError {
    /// Nil if the answer has no meaning of its own.
    static func verdict(on answer: Answer) -> Verdict? {
        let message = words(answer)
        switch answer.status {
        case 300..<400 where isOfMovedProject(answer): return .refused(moved)
        case 405: return table.verdict(onSentence: message, after: nil)
        case 400 where isAlreadySo(message): return .delivered
        case 400, 409, 422: return .refused(invalid)
        case 401: return .gone(unauthorized)
        case 403: return .refused(forbidden)
        case 404: return table.verdict(onSentence: message, after: nil) ?? .refused(notFound)
        default: return nil
        }
    }

    /// A text, or an object with lists of texts by field.
    private static func words(_ answer: Answer) -> String? {
        let json = answer.json
        return json?["message"]?.string ?? json?["error"]?.string
    }

    /// A status that is set a second time, after the answer to the first was lost, is refused in these words; each of
    /// the three transitions leaves a status in the state that it is named after
    /// (https://gitlab.com/gitlab-org/gitlab-foss/-/issues/25807).
    private static func isAlreadySo(_ message: String?) -> Bool {
        guard let message = message?.prefix(bytes: 1000) else { return false }
        let same = [
            ":enqueue from :pending", ":run from :running", ":success from :success", ":drop from :failed",
            ":cancel from :canceled",
        ]
        return message.startsWithBytes(of: "Cannot transition status via ")
            && same.contains { message.utf8.contains(Array($0.utf8)) }
    }

    /// Reading a project that has moved is redirected to its number, and writing to it is refused
    /// (https://docs.gitlab.com/api/rest/#redirects).
    private static func isOfMovedProject(_ answer: Answer) -> Bool {
        answer.header("Location").map { $0.utf8.contains(Array("/api/v4/projects/".utf8)) } ?? false
    }

    private static let table = ErrorTable(
        kind: "gitlab", service: "GitLab",
        rows: [
            .init(
                "Project Not Found", "no_such_project", .refused, "check the project, and whether the token may see it."
            ),
            .init(
                "Commit Not Found", "no_such_commit", .refused,
                "the project has no such commit. Events of another project need a channel of their own."),
            .init(
                "References for commit Not Found", "no_such_reference", .refused,
                "the commit is on no branch of the project."),
            .init("Non GET methods are not allowed for moved projects", "moved", .refused, savePath),
        ])

    private static let savePath = "the project was renamed or moved. Save its new path, or its number."
    private static let moved = Finding("gitlab.moved", "GitLab redirects elsewhere: \(savePath)")

    private static let unauthorized = Finding(
        "gitlab.unauthorized", "GitLab rejected the token: it is wrong, expired or revoked. Save a new one.")
    private static let forbidden = Finding(
        "gitlab.forbidden",
        "The token may not set commit statuses in this project. It needs the scope api and the role Developer.")
    private static let notFound = Finding(
        "gitlab.not_found", "GitLab knows no such project or commit, or the token may not see it. Check them.")
    private static let invalid = Finding(
        "gitlab.invalid_status", "GitLab rejected this status. \(ErrorTable.report)")
}
