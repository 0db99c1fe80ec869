/// Slack's messages by a bot with a token, which unlike an incoming webhook learns which message it has sent, and can
/// answer and change it (https://docs.slack.dev/reference/methods/chat.postMessage).
struct SlackBot {
    static let address = "https://slack.com/api"

    private let url: String
    private let token: String
    private let channel: String

    /// Nil for an incoming webhook.
    init?(_ settings: ChannelSettings) {
        guard let url = settings.text("url"), Self.isPath(of: url), let token = settings.text("token"),
            let channel = settings.text("channel")
        else { return nil }
        self.url = url.withoutSlash
        self.token = token
        self.channel = channel
    }

    static let fields = [
        Field(
            key: "token", label: "Bot token", type: .text(bytes: 400), isRequired: false, isSecret: true,
            help: "Only for a bot: its token. The app needs the scope chat:write.", example: "xoxb-…",
            rule: TextRule { text in
                text.wholeMatch(of: /(?:xoxe\.)?xoxb-[A-Za-z0-9\-]{10,}/) == nil
                    ? "A bot's token begins with xoxb-." : nil
            }),
        Field(
            key: "channel", label: "Channel", type: .text(bytes: 100), isRequired: false,
            help: "Only for a bot: the ID at the bottom of the channel's details. Invite the bot to the channel.",
            example: "C0123456789",
            rule: TextRule { text in
                text.wholeMatch(of: /[CGD][A-Z0-9]{5,20}|#[^\s#<>&@]{1,80}/) == nil
                    ? "Must be a channel's ID, such as C0123456789, or its name with # before it." : nil
            }),
    ]

    /// Whether an address is that of Slack's methods.
    static func isAddress(_ url: OutboundURL) -> Bool {
        url.scheme == .https && url.port == 443 && ["slack.com", "slack-gov.com"].contains(url.host)
            && isPath(of: "https://\(url.host)\(url.target)")
    }

    /// The path tells a bot from an incoming webhook, also at hosts that stand in for Slack's.
    private static func isPath(of url: String) -> Bool {
        url.withoutSlash.wholeMatch(of: /https?:\/\/[^\/?]+\/api/) != nil
    }

    static func errors(in settings: ChannelSettings) -> [ValidationError] {
        let isBot = settings.text("url").map(isPath) ?? false
        guard isBot else { return errorsOfWebhook(settings) + settings.errorsOfEnds }
        let missing = ["token", "channel"].filter { settings.text($0) == nil }
        return missing.map { ValidationError($0, "A bot needs a token and a channel.") } + settings.errorsOfEnds
    }

    private static func errorsOfWebhook(_ settings: ChannelSettings) -> [ValidationError] {
        let needless = ["token", "channel"].filter { settings.text($0) != nil }.map { key in
            ValidationError(key, "An incoming webhook needs none. For a bot, the address is \(address).")
        }
        let impossible = ["threads", "replace"].filter { settings.flag($0) == true }.map { key in
            ValidationError(key, "An incoming webhook does not say which message it has sent: this needs a bot.")
        }
        return needless + impossible
    }

    /// Of Apprise, `slack://xoxb-TOKEN/CHANNEL`.
    static func settings(of address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("slack"), address.user == nil, address.host.startsWithBytes(of: "xoxb-"),
            address.path.count == 1
        else { return nil }
        return ChannelSettings(texts: ["url": Self.address, "token": address.host, "channel": address.path[0]])
    }
}

// MARK: Messages

extension SlackBot {
    /// `body` is that of an incoming webhook.
    func message(_ body: JSONObject, _ end: EndOfRun) -> HTTPMessage {
        if case .replaces(let id) = end, let place = Place(id) { return changing(place, to: body) }
        var message = JSONObject([.init(key: "channel", value: .string(channel))] + body.members)
        if case .answers(let id) = end, let place = Place(id) { message["thread_ts"] = .string(place.time) }
        return request("chat.postMessage", message)
    }

    /// Unless told otherwise, a change turns words into mentions and links
    /// (https://docs.slack.dev/reference/methods/chat.update#formatting).
    private func changing(_ place: Place, to body: JSONObject) -> HTTPMessage {
        var change = JSONObject()
        change["channel"] = .string(place.channel)
        change["ts"] = .string(place.time)
        change["parse"] = "none"
        change["text"] = body["text"]
        change["attachments"] = body["attachments"]
        return request("chat.update", change)
    }

    private func request(_ method: String, _ body: JSONObject) -> HTTPMessage {
        HTTPMessage(
            url: "\(url)/\(method)", headers: [.init("Authorization", "Bearer \(token)", isSecret: true)],
            json: .object(body), type: "application/json; charset=UTF-8"
        ).keepingTheAnswer()
    }

    /// A message is found by its channel's ID, even if it was sent to a name, and its time: `C0123456789/1503435956.000247`.
    private struct Place {
        let channel: String
        let time: String

        init?(_ id: String) {
            guard let parts = id.wholeMatch(of: /([A-Z0-9]{2,30})\/([0-9]{1,12}\.[0-9]{1,9})/) else { return nil }
            channel = String(parts.1)
            time = String(parts.2)
        }
    }
}

// MARK: Answers

extension SlackBot {
    static func sentMessage(in answer: Answer) -> SentMessage {
        guard answer.status == 200, answer.beginsObject, let body = answer.json else { return .unnamed }
        if let error = body["error"]?.string {
            return SlackBotError.messagesGone.contains(where: error.sameBytes) ? .unknown : .unnamed
        }
        let id = "\(body["channel"]?.string ?? "")/\(body["ts"]?.string ?? "")"
        return Place(id) == nil ? .unnamed : .named(by: id)
    }

    /// Nil for an answer that is not one of a method. A long one comes back cut.
    static func verdict(on answer: Answer) -> Verdict? {
        guard (200..<500).contains(answer.status), answer.beginsObject else { return nil }
        guard let body = answer.json else {
            let isAccepted = answer.status == 200 && answer.body.starts(with: Array(#"{"ok":true"#.utf8))
            return isAccepted ? .delivered : nil
        }
        if case .named = sentMessage(in: answer) { return .delivered }
        return SlackBotError.table.verdict(on: body["error"]?.string, after: answer.retryAfter)
    }
}
