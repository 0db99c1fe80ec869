/// GitLab's commit statuses (https://docs.gitlab.com/api/commits/#set-commit-pipeline-status): a run's start and end
/// become an external job in the pipeline of the commit that the event names.
package struct GitLab: ChannelKind {
    package let id = "gitlab"
    package let name = "GitLab"
    package let group = ChannelGroup.ci
    package let mark = "GL"
    package let summary =
        "In GitLab, create a project access token with the role Developer and the scope api."

    package let fields: [Field]
    /// GitLab.com takes 2,000 requests a minute of a user, the smallest GitLab Dedicated 1,200
    /// (https://docs.gitlab.com/user/gitlab_com/rate_limits/).
    package let rate: SendingRate? = SendingRate(perMinute: 600, burst: 20)
    package let publicWords = ["api", "v4", "projects", "statuses"]
    package let showsNewestOnly = true

    package init() {
        fields = [
            Field(
                key: "project", label: "Project", type: .text(bytes: 255),
                help: "The path of the project whose commits the load tests run for, or its ID.",
                example: "acme/web/shop", rule: Self.project),
            Field(
                key: "token", label: "Token", type: .text(bytes: 300), isSecret: true,
                help: "A project, group or personal access token, glpat-…, with the scope api.",
                example: "glpat-exampleexample",
                rule: .token),
            Field(
                key: "url", label: "Server", type: .url(.server), isRequired: false,
                help: "The GitLab server, if it is not gitlab.com.", example: Self.server, standard: Self.server),
        ]
    }

    package func declines(_ content: EventContent) -> Decline? { content.declineWithoutCommit }

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let token = HTTPMessage.Header("PRIVATE-TOKEN", settings.text("token") ?? "", isSecret: true)
        let project = "/api/v4/projects/\(PercentEncoding.encode(settings.text("project") ?? ""))"
        guard let run = notice.content.run, let commit = run.context.commit else {
            return .reading(HTTPMessage.address(settings.text("url"), project), headers: [token])
        }
        let path = "\(project)/statuses/\(PercentEncoding.encode(commit))"
        return HTTPMessage(
            url: HTTPMessage.address(settings.text("url"), path), headers: [token], json: Self.status(notice, run))
    }

    /// A project's page at gitlab.com. The token has to be entered beside it.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard let url = address.url, url.host.sameBytes(as: "gitlab.com") else { return nil }
        let path = address.path.prefix { !$0.sameBytes(as: "-") }
        guard path.count >= 2 else { return nil }
        return ChannelSettings(texts: ["project": path.joined(separator: "/"), "url": Self.server])
    }

    package func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        case 201: .delivered
        // The answer to the test, which reads the project and changes nothing.
        case 200 where answer.json?["path_with_namespace"]?.string != nil: .delivered
        default: GitLabError.verdict(on: answer) ?? .common(answer, service: name)
        }
    }

    private static let server = "https://gitlab.com"

    private static let project = TextRule { text in
        text.wholeMatch(of: /[0-9]+|[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+/) == nil
            ? "Write the project as its whole path, such as acme/web/shop, or as its number." : nil
    }
}

extension GitLab {
    /// As a commit's pipeline shows it. The test event writes nothing, so it has none.
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        MessagePreview(service: name, statusAt: message.url, in: message.body, named: "name", colors: Self.colors)
    }

    private static let colors: KeyValuePairs = [
        "running": "#1f75cb", "success": "#108548", "canceled": "#626168", "failed": "#dd2b0e",
    ]

    /// Name, description, ref and link have at most 255 characters each.
    private static func status(_ notice: Notice, _ run: LoadTestRun) -> JSONValue {
        var status = JSONObject()
        status["state"] = .string(state(notice.content))
        status["name"] = .string("Load test \(run.loadTestID)")
        status["description"] = .string(notice.commitDescription(255))
        if let branch = run.context.branch { status["ref"] = .string(branch) }
        if let link = notice.link(atMost: 255) { status["target_url"] = .string(link) }
        return .object(status)
    }

    private static func state(_ content: EventContent) -> String {
        switch content.severity {
        case .information: "running"
        case .passed: "success"
        case .stoppedByUser: "canceled"
        case .stoppedBySystem, .scriptError, .threshold: "failed"
        }
    }
}
