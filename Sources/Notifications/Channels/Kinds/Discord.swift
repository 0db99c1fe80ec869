/// Discord's webhooks (https://docs.discord.com/developers/resources/webhook#execute-webhook).
package struct Discord: ChannelKind {
    package let id = "discord"
    package let name = "Discord"
    package let summary =
        "In Discord, open the channel's settings, choose Integrations and Webhooks, and copy the webhook's URL."

    package let fields: [Field]

    /// A webhook takes five messages in two seconds, and its channel 30 in a minute
    /// (https://github.com/discord/discord-api-docs/issues/367); four at once and 25 a minute never exceed either.
    package let rate: SendingRate? = SendingRate(perMinute: 25, burst: 4)
    package let publicWords = ["api", "v10", "webhooks", "messages", "wait", "true"]

    /// - Parameter hosts: Hosts that stand in for Discord.
    package init(hosts: OtherHosts = []) {
        fields = [
            Field(
                key: "url", label: "Webhook URL", type: .url(.own(or: hosts, Self.error)), isSecret: true,
                help: "The address that Discord copies. For a thread or a forum, add ?thread_id= and the thread's ID.",
                example: "https://discord.com/api/webhooks/417429632418316298/XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"),
            .replace,
        ]
    }

    /// Only with `wait=true` does Discord answer with the message
    /// (https://docs.discord.com/developers/resources/webhook#edit-webhook-message).
    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let url = settings.text("url") ?? ""
        if case .replaces(let id) = notice.end(settings) {
            let address = DiscordAddress(url).message(id)
            return HTTPMessage(method: .patch, url: address, json: Self.body(notice, as: nil))
        }
        let body = Self.body(notice, as: "Load tests")
        guard notice.isReferredTo(settings) else { return HTTPMessage(url: url, json: body) }
        return HTTPMessage(url: DiscordAddress(url).waiting, json: body).keepingTheAnswer()
    }

    package func refersToStart(_ settings: ChannelSettings) -> Bool { settings.linksRuns }

    package func sentMessage(in answer: Answer) -> SentMessage {
        switch answer.status {
        case 200:
            let id = answer.json?["id"]?.string
            return id?.wholeMatch(of: /[0-9]{1,20}/) == nil ? .unnamed : .named(by: id)
        case 400, 403, 404:
            return DiscordError.messagesGone.contains(answer.json?["code"]?.integer ?? 0) ? .unknown : .unnamed
        default: return .unnamed
        }
    }

    /// Of Apprise, `discord://ID/TOKEN`.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("discord"), address.user == nil, address.path.count == 1 else {
            return recognizeURL(address)
        }
        return ChannelSettings(texts: ["url": "https://discord.com/api/webhooks/\(address.host)/\(address.path[0])"])
    }

    package func verdict(on answer: Answer) -> Verdict {
        let wait = answer.wait(orSeconds: answer.json?["retry_after"])
        switch answer.status {
        case 204: return .delivered
        // With `wait=true` in the address, Discord returns the message.
        case 200 where answer.beginsObject: return .delivered
        case 429: return .retry(DiscordError.rateLimited, after: wait)
        default:
            let code = answer.status < 500 ? answer.json?["code"]?.integer : nil
            return DiscordError.table.verdict(on: code.map { String($0) }, after: wait)
                ?? .common(answer, service: name)
        }
    }

    @Sendable private static func error(in url: OutboundURL) -> String? {
        let start = "https://discord.com/api/webhooks/"
        let hosts = ["discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"]
        guard url.scheme == .https, url.port == 443, hosts.contains(url.host) else {
            return "A Discord address begins with \(start)."
        }
        if url.path.wholeMatch(of: /.*\/(?:slack|github)\/?/) != nil {
            return "Leave out /slack or /github at the end: it asks Discord for another format."
        }
        if url.target.contains(/[?&]thread_id=(?![0-9]{1,20}(?:&|$))/) {
            return "Behind ?thread_id= comes the thread's ID, a number: copy it from the thread's menu."
        }
        let form = /\/api(?:\/v[0-9]+)?\/webhooks\/[0-9]{15,22}\/[A-Za-z0-9_\-]{30,}\/?/
        return url.path.wholeMatch(of: form) == nil
            ? "The address is not complete: behind \(start) come a number and a long token." : nil
    }
}

extension Discord {
    /// One embed, whose texts may have 6,000 characters together. Embeds ping nobody, and `allowed_mentions` forbids it
    /// once more.
    private static func body(_ notice: Notice, as sender: String?) -> JSONValue {
        var body = JSONObject()
        body["username"] = sender.map(JSONValue.string)
        body["allowed_mentions"] = ["parse": []]
        body["embeds"] = [.object(embed(notice))]
        return .object(body)
    }

    private static func embed(_ notice: Notice) -> JSONObject {
        var embed = JSONObject()
        embed["title"] = .string(notice.content.headline)
        embed["url"] = notice.link(atMost: 2000).map(JSONValue.string)
        embed["description"] = .string(literal(notice.subject, 1500))
        embed["color"] = .integer(notice.content.severity.color)
        let facts = notice.facts.prefix(12).map(field)
        embed["fields"] = facts.isEmpty ? nil : .array(facts)
        embed["footer"] = notice.origin.map { ["text": .string($0)] }
        return embed
    }

    private static func field(_ fact: RunFact) -> JSONValue {
        ["name": .string(fact.label), "value": .string(literal(fact.value, 250)), "inline": true]
    }

    /// Behind a backslash, none of these begins markup, a mention, an emoji or a link.
    private static func literal(_ text: String, _ limit: Int) -> String {
        ChatText.escaped(text, limit, marks: #"\*_~`|>#-[]()<:@"#)
    }
}
