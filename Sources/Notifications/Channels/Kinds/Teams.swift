/// Microsoft Teams, by a workflow that posts what a webhook receives
/// (https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook). The connectors of old have ended.
package struct Teams: ChannelKind {
    package let id = "teams"
    package let name = "Microsoft Teams"
    package let mark = "MT"
    package let summary =
        "In Teams, open the channel's menu, choose Workflows, add \"Send webhook alerts to a channel\", "
        + "and copy its URL."

    package let fields: [Field]

    /// More than four requests per second are throttled; three at once and one per second never are
    /// (https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
    package let rate: SendingRate? = SendingRate(perMinute: 60, burst: 3)
    package let publicWords = [
        "powerautomate", "automations", "direct", "workflows", "triggers", "manual", "paths", "invoke", "api-version",
        "sp", "sv", "sig",
    ]

    /// - Parameter hosts: Hosts that stand in for those of the workflows.
    package init(hosts: OtherHosts = []) {
        fields = [
            Field(
                key: "url", label: "Workflow URL", type: .url(.own(or: hosts, Self.error)), isSecret: true,
                help: "The address of the workflow's trigger. Anyone must be allowed to trigger it.",
                example: "https://….environment.api.powerplatform.com/powerautomate/…/paths/invoke?…&sig=…")
        ]
    }

    /// The address carries its own signature; with an `Authorization` header as well, the service refuses requests.
    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        HTTPMessage(url: settings.text("url") ?? "", json: Self.body(notice))
    }

    /// Of Apprise, `workflows://HOST/ID/SIGNATURE`, which stands for the address that it would post to.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("workflow", "workflows"), address.user == nil, address.path.count == 2,
            address.queryNames.allSatisfy(Self.options.contains)
        else { return recognizeURL(address) }
        let isNew = ["yes", "true", "1"].contains { word in
            (address["pa"] ?? address["powerautomate"])?.lowercased().sameBytes(as: word) ?? false
        }
        let start = isNew ? "/powerautomate/automations/direct" + (address["route"].map { "/cu/\($0)" } ?? "") : ""
        let version = isNew ? "2022-03-01-preview" : "2016-06-01"
        return ChannelSettings(texts: [
            "url": "https://\(address.server)\(start)/workflows/\(address.path[0])/triggers/manual/paths/invoke"
                + "?api-version=\(version)&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=\(address.path[1])"
        ])
    }

    /// What Apprise's addresses may say beside that.
    private static let options: Set<ForeignText> = ["pa", "powerautomate", "route"]

    package func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        // The connectors of old said so in an answer of 200.
        case 200 where answer.text.utf8.contains(Array("HTTP error 429".utf8)):
            return .retry(TeamsError.throttled, after: answer.retryAfter)
        case 200, 202: return .delivered
        case 429: return .retry(TeamsError.throttled, after: answer.retryAfter)
        case 400..<500:
            return TeamsError.table.verdict(on: answer.json?["error"]?["code"]?.string, after: answer.retryAfter)
                ?? (answer.status == 403 ? .gone(TeamsError.forbidden) : .common(answer, service: name))
        default: return .common(answer, service: name)
        }
    }

    /// Power Platform's in each cloud
    /// (https://github.com/microsoft/terraform-provider-power-platform/blob/main/constants/constants.go), and those of Azure's
    /// Logic Apps, which flows had before.
    private static let hosts = [
        ".environment.api.powerplatform.com", ".environment.api.gov.powerplatform.microsoft.us",
        ".environment.api.high.powerplatform.microsoft.us", ".environment.api.appsplatform.us",
        ".environment.api.powerplatform.partner.microsoftonline.cn", ".logic.azure.com", ".logic.azure.us",
        ".logic.azure.cn",
    ]

    @Sendable private static func error(in url: OutboundURL) -> String? {
        if [".webhook.office.com", "outlook.office.com", "outlook.office365.com"].contains(where: url.host.endsInBytes)
        {
            return "This is the address of a connector, which Microsoft has ended. Make a workflow instead: in the "
                + "channel's menu, choose Workflows, and add \"Send webhook alerts to a channel\"."
        }
        guard url.scheme == .https, url.port == 443, hosts.contains(where: url.host.endsInBytes) else {
            return "The address of a Teams workflow has a host that ends in .environment.api.powerplatform.com, or in "
                + "that of a national cloud."
        }
        let start = /(?:\/powerautomate\/automations\/direct(?:\/cu\/[0-9]+)?)?/
        let rest = url.path[(url.path.prefixMatch(of: start)?.range.upperBound ?? url.path.startIndex)...]
        let form = /\/workflows\/[A-Za-z0-9]+\/triggers\/[A-Za-z0-9_\-]+\/paths\/invoke/
        return rest.wholeMatch(of: form) == nil || !url.target.contains(/[?&]sig=[^&]/)
            ? "The address is not complete: it has /workflows/…/paths/invoke, and a signature at the end (&sig=…)."
            : nil
    }
}
