/// Slack's incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
package struct Slack: ChannelKind {
    package let id = "slack"
    package let name = "Slack"
    package let summary =
        "In Slack, add the Incoming WebHooks app to a channel and copy the Webhook URL that it shows. Or use a bot's token."

    package let fields: [Field]

    /// One message per second and address, with short bursts (https://docs.slack.dev/apis/web-api/rate-limits).
    package let rate: SendingRate? = SendingRate(perMinute: 60, burst: 4)
    package let publicWords = ["services", "api", "chat.postmessage", "chat.update"]

    /// - Parameter hosts: Further hosts that speak Slack's incoming webhook.
    package init(hosts: OtherHosts = []) {
        fields =
            [
                Field(
                    key: "url", label: "Webhook URL", type: .url(.own(or: hosts, Self.error)), isSecret: true,
                    help:
                        "The address that Slack's Incoming WebHooks app shows for the channel. For a bot, it is \(SlackBot.address).",
                    example: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX")
            ] + SlackBot.fields + [.threads, .replace]
    }

    /// Also an address at Slack's own host that is wrong, so that the form says what is wrong with it. Of Apprise's
    /// (https://github.com/caronc/apprise/wiki/Notify_slack), those of incoming webhooks without further targets.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        if let url = address.url, url.host.sameBytes(as: "hooks.slack.com") {
            return ChannelSettings(texts: ["url": address.text])
        }
        if let bot = SlackBot.settings(of: address) { return bot }
        guard address.isOf("slack"), address.path.count == 2 else { return recognizeURL(address) }
        let parts = ([address.host] + address.path).joined(separator: "/")
        return ChannelSettings(texts: ["url": "https://hooks.slack.com/services/\(parts)"])
    }

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        if let bot = SlackBot(settings) {
            return bot.message(Self.body(notice), notice.end(settings))
        }
        return HTTPMessage(url: settings.text("url") ?? "", json: .object(Self.body(notice)))
    }

    package func errors(in settings: ChannelSettings) -> [ValidationError] { SlackBot.errors(in: settings) }

    package func refersToStart(_ settings: ChannelSettings) -> Bool {
        SlackBot(settings) != nil && settings.linksRuns
    }

    package func sentMessage(in answer: Answer) -> SentMessage { SlackBot.sentMessage(in: answer) }

    /// Webhooks answer one word, and the methods of bots a JSON object.
    package func verdict(on answer: Answer) -> Verdict {
        let word = answer.word
        switch answer.status {
        case 200 where word.sameBytes(as: "ok"): return .delivered
        case 429: return .retry(SlackError.rateLimited, after: answer.retryAfter)
        default:
            return SlackBot.verdict(on: answer) ?? SlackError.verdict(on: word, status: answer.status)
                ?? .common(answer, service: name)
        }
    }

    /// Slack's own hosts accept only paths of incoming webhooks.
    @Sendable private static func error(in url: OutboundURL) -> String? {
        let start = "https://hooks.slack.com/services/"
        if SlackBot.isAddress(url) { return nil }
        guard url.scheme == .https, url.port == 443, ["hooks.slack.com", "hooks.slack-gov.com"].contains(url.host)
        else {
            return "A Slack address begins with \(start)."
        }
        if ["/workflows/", "/triggers/"].contains(where: url.target.startsWithBytes) {
            return "This is the address of a Slack workflow, which takes other content. "
                + "Add the Incoming WebHooks app and use its address, which begins with \(start)."
        }
        let form = /\/services\/T[A-Z0-9]{2,}\/B[A-Z0-9]{2,}\/[A-Za-z0-9]+\/?/
        return url.target.wholeMatch(of: form) == nil
            ? "The address is not complete: behind \(start) come three parts, T…/B…/ and a long secret." : nil
    }
}

extension Slack {
    /// Notifications and old clients show the text. The attachment contains only its color and blocks: Slack rejects
    /// older keys beside them.
    private static func body(_ notice: Notice) -> JSONObject {
        var body = JSONObject()
        body["text"] = .string(text(notice.content))
        body["mrkdwn"] = false
        body["unfurl_links"] = false
        body["unfurl_media"] = false
        body["attachments"] = [["color": .string(color(notice.content.severity)), "blocks": .array(blocks(notice))]]
        return body
    }

    private static func text(_ content: EventContent) -> String {
        guard let run = content.run else { return "\(content.headline): \(linkless(content.explanation))" }
        return "\(content.headline): \(linkless(run.displayName)) (run \(run.id))"
    }

    /// The character between scheme and host keeps Slack from turning addresses into links.
    private static func linkless(_ text: String) -> String {
        literal(text.replacingBytes(of: "://", with: ":\u{200B}//"), 500)
    }

    private static func blocks(_ notice: Notice) -> [JSONValue] {
        let header: JSONValue = ["type": "header", "text": plain(notice.content.headline, 150)]
        var section = JSONObject()
        section["type"] = "section"
        section["text"] = plain(notice.content.run?.displayName ?? notice.content.explanation, 3000)
        if !notice.facts.isEmpty { section["fields"] = .array(notice.facts.map(field)) }
        let context = notice.origin.map { origin -> JSONValue in
            ["type": "context", "elements": [plain(origin, 2000)]]
        }
        return [header, .object(section)] + actions(notice) + [context].compactMap { $0 }
    }

    private static func actions(_ notice: Notice) -> [JSONValue] {
        guard let link = notice.link(atMost: 3000) else { return [] }
        let button: JSONValue = [
            "type": "button", "action_id": "open_run", "text": plain(notice.linkLabel, 75), "url": .string(link),
        ]
        return [["type": "actions", "elements": [button]]]
    }

    /// Slack's markup has no escape for `*` and `_`, so text by users goes into plain text objects only.
    private static func field(_ fact: RunFact) -> JSONValue {
        if fact.isUserText { return plain("\(fact.label)\n\(fact.value)", 2000) }
        return ["type": "mrkdwn", "text": .string(literal("*\(fact.label)*\n\(fact.value)", 2000)), "verbatim": true]
    }

    private static func plain(_ text: String, _ limit: Int) -> JSONValue {
        ["type": "plain_text", "text": .string(literal(text, limit)), "emoji": false]
    }

    /// Without these three characters, Slack's markup has no mentions, links or dates.
    private static func literal(_ text: String, _ limit: Int) -> String {
        DisplayText.cut(text, to: limit) { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: nil
            }
        }
    }

    private static func color(_ severity: EventSeverity) -> String {
        switch severity {
        case .information: "#1f6feb"
        case .passed: "good"
        case .stoppedByUser, .stoppedBySystem: "warning"
        case .scriptError, .threshold: "danger"
        }
    }
}
