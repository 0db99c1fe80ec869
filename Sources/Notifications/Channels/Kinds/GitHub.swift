/// GitHub's commit statuses (https://docs.github.com/en/rest/commits/statuses#create-a-commit-status): a run's start and
/// end set the status of the commit that the event names.
package struct GitHub: ChannelKind {
    package let id = "github"
    package let name = "GitHub"
    package let group = ChannelGroup.ci
    package let mark = "GH"
    package let summary =
        "In GitHub, create a fine-grained token for the repository with write access to commit statuses."

    package let fields: [Field]
    package let publicWords = ["api", "v3", "repos", "statuses"]
    package let showsNewestOnly = true

    /// GitHub asks for at most one change per second
    /// (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
    package let rate: SendingRate? = SendingRate(perMinute: 60, burst: 4)

    package init() {
        fields = [
            Field(
                key: "repository", label: "Repository", type: .text(bytes: 140),
                help: "The repository of the commits that the load tests run for.", example: "acme/shop",
                rule: Self.repository),
            Field(
                key: "token", label: "Token", type: .text(bytes: 300), isSecret: true,
                help: "A fine-grained token, github_pat_…, with write access to commit statuses; a classic one needs "
                    + "the scope repo:status.",
                example: "github_pat_11EXAMPLE0example", rule: .token),
            Field(
                key: "url", label: "API address", type: .url(Self.address), isRequired: false,
                help: "For GitHub Enterprise Server: https://HOST/api/v3.", example: Self.server,
                standard: Self.server),
        ]
    }

    package func declines(_ content: EventContent) -> Decline? { content.declineWithoutCommit }

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let headers: [HTTPMessage.Header] = [
            .init("Accept", "application/vnd.github+json"), .init("X-GitHub-Api-Version", "2022-11-28"),
            .init("Authorization", "Bearer \(settings.text("token") ?? "")", isSecret: true),
        ]
        let repository = "/repos/\(settings.text("repository") ?? "")"
        guard let run = notice.content.run, let commit = run.context.commit else {
            return .reading(HTTPMessage.address(settings.text("url"), repository), headers: headers)
        }
        let path = "\(repository)/statuses/\(PercentEncoding.encode(commit))"
        return HTTPMessage(
            url: HTTPMessage.address(settings.text("url"), path), headers: headers, json: Self.status(notice, run))
    }

    /// A repository's page at github.com. The token has to be entered beside it.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard let url = address.url, url.host.sameBytes(as: "github.com"), address.path.count >= 2 else { return nil }
        let name =
            address.path[1].endsInBytes(of: ".git")
            ? (address.path[1].prefix(bytes: address.path[1].utf8.count - 4)) : address.path[1]
        return ChannelSettings(texts: ["repository": "\(address.path[0])/\(name)", "url": Self.server])
    }

    package func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        case 201: .delivered
        // The answer to the test, which reads the repository and changes nothing.
        case 200: GitHubError.verdict(onRepository: answer) ?? .common(answer, service: name)
        default: GitHubError.verdict(on: answer) ?? .common(answer, service: name)
        }
    }

    private static let server = "https://api.github.com"

    private static let repository = TextRule { text in
        text.wholeMatch(of: /[A-Za-z0-9-]{1,39}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}/) == nil
            ? "Write the repository as its owner and its name: acme/shop." : nil
    }

    private static let address = URLRule { url in
        url.target.wholeMatch(of: /\/(?:api\/v3\/?)?/) == nil
            ? "The address of GitHub's API is https://api.github.com, or https://HOST/api/v3 of your own server." : nil
    }
}

extension GitHub {
    /// As a commit's list of checks shows it. The test event writes nothing, so it has none.
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        MessagePreview(
            service: name, statusAt: message.url, in: message.body, named: "context", colors: Self.colors)
    }

    private static let colors: KeyValuePairs = [
        "pending": "#9a6700", "success": "#1a7f37", "failure": "#cf222e", "error": "#cf222e",
    ]

    /// A description has at most 140 characters, and GitHub refuses those beyond U+FFFF there, such as emoji
    /// (https://github.com/ouzi-dev/commit-status-updater/issues/527).
    private static func status(_ notice: Notice, _ run: LoadTestRun) -> JSONValue {
        var status = JSONObject()
        status["state"] = .string(state(notice.content))
        status["context"] = .string("Load test \(run.loadTestID)")
        status["description"] = .string(
            notice.commitDescription(140) { text in
                String(text.map { $0.unicodeScalars.contains { $0.value > 0xFFFF } ? "\u{FFFD}" : $0 })
            })
        if let link = notice.link(atMost: 2000) { status["target_url"] = .string(link) }
        return .object(status)
    }

    private static func state(_ content: EventContent) -> String {
        switch content.severity {
        case .information: "pending"
        case .passed: "success"
        case .threshold: "failure"
        case .stoppedByUser, .stoppedBySystem, .scriptError: "error"
        }
    }
}
