/// Telegram's bots (https://core.telegram.org/bots/api#sendmessage).
package struct Telegram: ChannelKind {
    package let id = "telegram"
    package let name = "Telegram"
    package let mark = "Tg"
    package let summary =
        "In Telegram, make a bot with @BotFather, add it to the chat, and enter its token and the chat."

    package let fields = [
        Field(
            key: "token", label: "Bot token", type: .text(bytes: 200), isSecret: true,
            help: "What @BotFather shows when the bot is made.",
            example: "123456789:AAExampleExampleExampleExampleExample",
            rule: TextRule { text in
                text.wholeMatch(of: /[0-9]{1,20}:[A-Za-z0-9_\-]{30,}/) == nil
                    ? "A bot's token is a number, a colon, and at least 30 letters and digits." : nil
            }),
        Field(
            key: "chat", label: "Chat", type: .text(bytes: 64),
            help: "The chat's number, which for groups begins with -, or the @name of a public channel.",
            example: "-1001234567890",
            rule: TextRule { text in
                text.wholeMatch(of: /-?[0-9]{1,18}|@[A-Za-z][A-Za-z0-9_]{3,31}/) == nil
                    ? "Must be a chat's number, such as -1001234567890, or the @name of a public channel." : nil
            }),
        Field(
            key: "topic", label: "Topic", type: .text(bytes: 18), isRequired: false,
            help: "The number of a topic, in a group that has topics. It is the middle number of a message's link.",
            example: "42",
            rule: TextRule { text in
                text.wholeMatch(of: /[1-9][0-9]{0,17}/) == nil ? "Must be a topic's number, such as 42." : nil
            }),
        Field(
            key: "url", label: "Bot API server", type: .url(.server), isRequired: false,
            help: "Only for a Bot API server of your own. Left out, it is Telegram's.",
            example: "https://api.telegram.org", standard: "https://api.telegram.org"),
        .threads, .replace,
    ]

    /// 20 messages per minute to a group, one per second to any chat
    /// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
    package let rate: SendingRate? = SendingRate(perMinute: 19)
    package let publicWords = ["sendmessage", "editmessagetext"]

    package init() {}

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let server = settings.text("url") ?? ""
        let end = notice.end(settings)
        let method = if case .replaces = end { "editMessageText" } else { "sendMessage" }
        let path = "/bot\(settings.text("token") ?? "")/\(method)"
        return HTTPMessage(
            url: server.isEmpty ? "" : server.withoutSlash + path, json: Self.body(notice, settings, end)
        ).keepingTheAnswer(notice.isReferredTo(settings))
    }

    package func errors(in settings: ChannelSettings) -> [ValidationError] { settings.errorsOfEnds }

    package func refersToStart(_ settings: ChannelSettings) -> Bool { settings.linksRuns }

    package func sentMessage(in answer: Answer) -> SentMessage {
        let body = answer.json
        switch answer.status {
        case 200: return .named(by: body?["result"]?["message_id"]?.integer.map { String($0) })
        case 400: return TelegramError.isMessageGone(body?["description"]?.string) ? .unknown : .unnamed
        default: return .unnamed
        }
    }

    /// The address of a bot's method with the chat in its query; of Apprise, `tgram://TOKEN/CHAT`.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        if let url = address.url {
            guard url.host.sameBytes(as: "api.telegram.org"), let bot = address.path.first,
                bot.startsWithBytes(of: "bot"), let chat = address["chat_id"]
            else { return nil }
            return ChannelSettings(texts: [
                "token": String(decoding: bot.utf8.dropFirst(3), as: UTF8.self), "chat": chat,
            ])
        }
        // The token has a colon, so Apprise's address has the form of a host and a port.
        let form = /tgram:\/\/([0-9]+:[A-Za-z0-9_\-]+)\/([^\/?]+)\/?/
        guard let parts = address.text.wholeMatch(of: form) else { return nil }
        return ChannelSettings(texts: ["token": String(parts.1), "chat": String(parts.2)])
    }

    package func verdict(on answer: Answer) -> Verdict {
        let body = answer.json
        let wait = answer.wait(orSeconds: body?["parameters"]?["retry_after"])
        switch answer.status {
        // A long message comes back cut.
        case 200 where answer.body.starts(with: Array(#"{"ok":true"#.utf8)) || body?["ok"] == true: return .delivered
        case 429: return .retry(TelegramError.rateLimited, after: wait)
        case 421: return .retry(.http(421), after: wait)
        case 400 where TelegramError.isChangedAlready(body?["description"]?.string): return .delivered
        case 200..<500 where body?["ok"] == false:
            if let id = body?["parameters"]?["migrate_to_chat_id"]?.integer {
                return .gone(TelegramError.moved(to: id))
            }
            return TelegramError.verdict(on: body?["description"]?.string, status: answer.status)
                ?? .common(answer, service: name)
        default: return .common(answer, service: name)
        }
    }
}

extension Telegram {
    private static func body(_ notice: Notice, _ settings: ChannelSettings, _ end: EndOfRun) -> JSONValue {
        var body = JSONObject()
        let chat = settings.text("chat") ?? ""
        body["chat_id"] = Int64(chat).map(JSONValue.integer) ?? .string(chat)
        switch end {
        case .replaces(let id): body["message_id"] = Int64(id).map(JSONValue.integer)
        case .answers, .standsAlone:
            body["message_thread_id"] = settings.text("topic").flatMap { Int64($0) }.map(JSONValue.integer)
        }
        body["parse_mode"] = "HTML"
        body["text"] = .string(text(notice))
        body["link_preview_options"] = ["is_disabled": true]
        // Without the started message, the finished one is sent all the same.
        if case .answers(let id) = end, let number = Int64(id) {
            body["reply_parameters"] = ["message_id": .integer(number), "allow_sending_without_reply": true]
        }
        return .object(body)
    }

    /// At most 4,096 characters. What users wrote stands in code, which contains no mentions, links or commands
    /// (https://core.telegram.org/bots/api#formatting-options).
    private static func text(_ notice: Notice) -> String {
        let headline = "\(notice.content.severity.symbol) <b>\(ChatText.html(notice.content.headline, 200))</b>"
        let link = notice.link(atMost: 500).map { "<a href=\"\(HTMLEscaping.escape($0))\">\(notice.linkLabel)</a>" }
        let lines = [headline, code(notice.subject, 1000)] + notice.facts.map(line) + [link].compactMap { $0 }
        return lines.joined(separator: "\n")
    }

    private static func line(_ fact: RunFact) -> String {
        "\(fact.label): \(fact.isUserText ? code(fact.value, 200) : fact.value)"
    }

    private static func code(_ text: String, _ limit: Int) -> String { "<code>\(ChatText.html(text, limit))</code>" }
}
