/// Mattermost's incoming webhooks (https://developers.mattermost.com/integrate/webhooks/incoming/).
package struct Mattermost: ChannelKind {
    package let id = "mattermost"
    package let name = "Mattermost"
    package let mark = "Mm"
    package let summary =
        "In Mattermost, open Integrations, add an incoming webhook for the channel, and copy its URL."

    package let fields = [
        Field(
            key: "url", label: "Webhook URL", type: .url(Self.address), isSecret: true,
            help: "The address that Mattermost shows once the webhook is added.",
            example: "https://chat.example.org/hooks/xxxxxxxxxxxxxxxxxxxxxxxxxx")
    ]

    /// The server's own limiter, where it is switched on: ten requests per second
    /// (https://docs.mattermost.com/configure/rate-limiting-configuration-settings.html).
    package let rate: SendingRate? = SendingRate(perMinute: 600, burst: 10)
    package let publicWords = ["hooks"]

    package init() {}

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        HTTPMessage(url: settings.text("url") ?? "", json: Self.body(notice))
    }

    /// Of Apprise, `mmosts://HOST/TOKEN`, also with a path before the token.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("mmost", "mmosts"), address.user == nil, let token = address.path.last else {
            return recognizeURL(address)
        }
        let scheme = address.isOf("mmosts") ? "https" : "http"
        let port = address.port.map { ":\($0)" } ?? ""
        let path = (address.path.dropLast() + ["hooks", token]).joined(separator: "/")
        return ChannelSettings(texts: ["url": "\(scheme)://\(address.host)\(port)/\(path)"])
    }

    package func verdict(on answer: Answer) -> Verdict {
        // Only Mattermost's own errors have an ID; a proxy's pages have none.
        let error = answer.json?["id"]?.string
        switch answer.status {
        case 200 where answer.word.sameBytes(as: "ok"): return .delivered
        case 400 where error?.sameBytes(as: MattermostError.general) ?? false: return .gone(MattermostError.unexplained)
        case 403 where error != nil: return .gone(MattermostError.forbidden)
        case 404 where error != nil: return .gone(MattermostError.channelNotFound)
        case 501: return .gone(MattermostError.switchedOff)
        case 400..<500:
            return MattermostError.table.verdict(on: error, after: nil) ?? .common(answer, service: name)
        default: return .common(answer, service: name)
        }
    }

    private static let address = URLRule { url in
        if url.path.wholeMatch(of: /.*\/hooks\/[^\/]+\/[^\/]+\/?/) != nil {
            return "A Mattermost address has one part behind /hooks/. With two, it may be one of Rocket.Chat."
        }
        return url.target.wholeMatch(of: /(?:\/[^?]+)?\/hooks\/[A-Za-z0-9]{26}\/?/) == nil
            ? "A Mattermost address ends in /hooks/ and 26 letters and digits." : nil
    }
}

extension Mattermost {
    /// Push notifications and old clients show the fallback. What users wrote stands in code spans, in which Mattermost
    /// looks for neither markup nor mentions.
    private static func body(_ notice: Notice) -> JSONValue {
        ["username": "Load tests", "attachments": [.object(attachment(notice))]]
    }

    private static func attachment(_ notice: Notice) -> JSONObject {
        var attachment = JSONObject()
        let headline = notice.content.headline
        attachment["fallback"] = .string("\(headline): \(ChatText.plain(notice.subject, 300))")
        attachment["color"] = .string(notice.content.severity.hexColor)
        attachment["title"] = .string(headline)
        attachment["title_link"] = notice.link(atMost: 2000).map(JSONValue.string)
        attachment["text"] = .string(ChatText.code(notice.subject, 1500))
        let facts = notice.facts.map(field)
        attachment["fields"] = facts.isEmpty ? nil : .array(facts)
        attachment["footer"] = notice.origin.map(JSONValue.string)
        return attachment
    }

    private static func field(_ fact: RunFact) -> JSONValue {
        let value = fact.isUserText ? ChatText.code(fact.value, 250) : fact.value
        return ["title": .string(fact.label), "value": .string(value), "short": true]
    }
}
