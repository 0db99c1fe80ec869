/// Rocket.Chat's incoming webhooks (https://docs.rocket.chat/docs/integrations).
package struct RocketChat: ChannelKind {
    package let id = "rocketchat"
    package let name = "Rocket.Chat"
    package let mark = "RC"
    package let summary =
        "In Rocket.Chat, an administrator adds an incoming integration for the channel; copy its Webhook URL."

    package let fields = [
        Field(
            key: "url", label: "Webhook URL", type: .url(Self.address), isSecret: true,
            help: "The address that Rocket.Chat shows once the integration is saved and enabled.",
            example: "https://chat.example.org/hooks/xxxxxxxxxxxxxxxxx/XXXXXXXXXXXXXXXXXXXXXXXX")
    ]

    /// Unless its administrator changed that, a server takes ten calls a minute, of integrations too
    /// (https://github.com/RocketChat/Rocket.Chat/pull/15038); two at once and eight a minute never exceed that.
    package let rate: SendingRate? = SendingRate(perMinute: 8, burst: 2)
    package let publicWords = ["hooks"]

    package init() {}

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        HTTPMessage(url: settings.text("url") ?? "", json: Self.body(notice))
    }

    /// Of Apprise, `rockets://ID/TOKEN@HOST`, without further channels.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("rocket", "rockets") else { return recognizeURL(address) }
        // With a slash in it, what stands before the host is not the user that other addresses have there.
        let form = /[A-Za-z]+:\/\/([A-Za-z0-9]+)(?:\/|%2[Ff])([A-Za-z0-9]+)@([^\/?@:]+)(:[0-9]+)?\/?/
        guard let parts = address.text.wholeMatch(of: form) else { return nil }
        let scheme = address.isOf("rockets") ? "https" : "http"
        let server = "\(scheme)://\(parts.3)\(parts.4 ?? "")"
        return ChannelSettings(texts: ["url": "\(server)/hooks/\(parts.1)/\(parts.2)"])
    }

    package func verdict(on answer: Answer) -> Verdict {
        let body = answer.json
        let isDenied = body?["success"] == false
        switch answer.status {
        // An integration with a script answers what the script returns.
        case 200 where body?.object != nil && !isDenied: return .delivered
        case 429: return .retry(RocketChatError.rateLimited, after: RocketChatError.wait(answer))
        case 200..<500:
            let sentence = body?["error"]?.string ?? body?["message"]?.string
            return RocketChatError.table.verdict(onSentence: sentence, after: nil) ?? .common(answer, service: name)
        default: return .common(answer, service: name)
        }
    }

    private static let address = URLRule { url in
        let form = /(?:\/[^?]+)?\/hooks\/[A-Za-z0-9]{17,24}\/(?:[A-Za-z0-9%_\-]+\/)?[A-Za-z0-9%_\-]+\/?/
        return url.target.wholeMatch(of: form) == nil
            ? "A Rocket.Chat address ends in /hooks/, the integration's ID, / and a token." : nil
    }
}

extension RocketChat {
    /// What users wrote stands in code spans. `parseUrls` turns previews of addresses off.
    private static func body(_ notice: Notice) -> JSONValue {
        [
            "alias": "Load tests", "text": .string(notice.content.headline), "parseUrls": false,
            "attachments": [.object(attachment(notice))],
        ]
    }

    private static func attachment(_ notice: Notice) -> JSONObject {
        var attachment = JSONObject()
        let link = notice.link(atMost: 2000)
        attachment["title"] = .string(link == nil ? notice.origin ?? "Runbell" : notice.linkLabel)
        attachment["title_link"] = link.map(JSONValue.string)
        attachment["color"] = .string(notice.content.severity.hexColor)
        attachment["text"] = .string(ChatText.code(notice.subject, 1500))
        let facts = notice.facts.map(field)
        attachment["fields"] = facts.isEmpty ? nil : .array(facts)
        return attachment
    }

    private static func field(_ fact: RunFact) -> JSONValue {
        let value = fact.isUserText ? ChatText.code(fact.value, 250) : fact.value
        return ["title": .string(fact.label), "value": .string(value), "short": true]
    }
}
