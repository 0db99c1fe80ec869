/// Google Chat's incoming webhooks (https://developers.google.com/workspace/chat/quickstart/webhooks).
package struct GoogleChat: ChannelKind {
    package let id = "googlechat"
    package let name = "Google Chat"
    package let mark = "GC"
    package let summary =
        "In Google Chat, open the space's menu, choose Apps & integrations, add a webhook, and copy its link."

    package let fields: [Field]

    /// One message per second and space, which all webhooks of the space share
    /// (https://developers.google.com/workspace/chat/limits).
    package let rate: SendingRate? = SendingRate(perMinute: 50)
    package let publicWords = ["v1", "spaces", "messages", "key", "token"]

    /// - Parameter hosts: Hosts that stand in for Google Chat.
    package init(hosts: OtherHosts = []) {
        fields = [
            Field(
                key: "url", label: "Webhook URL", type: .url(.own(or: hosts, Self.error)), isSecret: true,
                help: "The link that Google Chat copies, with its key and token.",
                example: "https://chat.googleapis.com/v1/spaces/AAAAbcd/messages?key=…&token=…"),
            .threads,
        ]
    }

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let url = settings.text("url") ?? ""
        let thread = settings.flag("threads") == true ? notice.content.run.map { "run-\($0.id)" } : nil
        return HTTPMessage(
            url: thread == nil ? url : Self.threading(url), json: Self.body(notice, thread: thread),
            type: "application/json; charset=UTF-8")
    }

    /// The address with the option that threads need. Google Chat refuses it twice, so one that was saved with the address
    /// stays as it is.
    private static func threading(_ url: String) -> String {
        let name = "messageReplyOption="
        guard !url.isEmpty, !url.holdsBytes(of: name) else { return url }
        let mark = url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        return "\(url)\(mark)\(name)REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
    }

    /// Of Apprise, `gchat://SPACE/KEY/TOKEN`.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("gchat"), address.path.count == 2 else { return recognizeURL(address) }
        let (key, token) = (PercentEncoding.encode(address.path[0]), PercentEncoding.encode(address.path[1]))
        let space = "https://chat.googleapis.com/v1/spaces/\(address.host)/messages"
        return ChannelSettings(texts: ["url": "\(space)?key=\(key)&token=\(token)"])
    }

    package func verdict(on answer: Answer) -> Verdict {
        let error = answer.json?["error"]
        switch answer.status {
        case 200 where answer.beginsObject && error == nil: return .delivered
        case 429: return .retry(GoogleChatError.rateLimited, after: answer.retryAfter)
        case 401: return .retry(GoogleChatError.unauthenticated, after: answer.retryAfter)
        case 400..<500:
            let isKey = GoogleChatError.isAboutTheKey(error)
            return GoogleChatError.table.verdict(
                on: isKey ? "API_KEY_INVALID" : error?["status"]?.string, after: answer.retryAfter)
                ?? .common(answer, service: name)
        default: return .common(answer, service: name)
        }
    }

    @Sendable private static func error(in url: OutboundURL) -> String? {
        let start = "https://chat.googleapis.com/v1/spaces/"
        guard url.scheme == .https, url.port == 443, url.host.sameBytes(as: "chat.googleapis.com") else {
            return "A Google Chat address begins with \(start)."
        }
        if url.target.contains(/[?&]amp;/) {
            return "The address has &amp; where & belongs. Copy it again, from Google Chat itself."
        }
        let query = url.target.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        let parts = String(Substring(query)).pieces(between: "&")
        let isWhole = ["key=", "token="].allSatisfy { name in
            parts.contains { $0.startsWithBytes(of: name) && $0.utf8.count > name.utf8.count }
        }
        return url.path.wholeMatch(of: /\/v1\/spaces\/[A-Za-z0-9_\-]+\/messages/) == nil || !isWhole
            ? "The address is not complete: behind \(start) come the space, /messages, ?key= and &token=." : nil
    }
}

extension GoogleChat {
    /// A card. What users wrote stands only there, since nothing in a card pings; notifications show the fallback. The
    /// whole message may have 32,000 bytes.
    private static func body(_ notice: Notice, thread: String?) -> JSONValue {
        let headline = notice.content.headline
        let card: JSONValue = [
            "header": .object(header(notice)), "sections": [["widgets": .array(widgets(notice))]],
        ]
        var body = JSONObject()
        body["fallbackText"] = .string(notice.content.run.map { "\(headline): run \($0.id)" } ?? headline)
        body["thread"] = thread.map { ["threadKey": .string($0)] }
        body["cardsV2"] = [["cardId": .string(notice.content.run.map { "run-\($0.id)" } ?? "channel"), "card": card]]
        return .object(body)
    }

    private static func header(_ notice: Notice) -> JSONObject {
        var header = JSONObject()
        header["title"] = .string(notice.content.headline)
        header["subtitle"] = notice.origin.map(JSONValue.string)
        return header
    }

    private static func widgets(_ notice: Notice) -> [JSONValue] {
        let name: JSONValue = ["textParagraph": ["text": .string(ChatText.html(notice.subject, 1500))]]
        return [name] + notice.facts.map { widget($0, notice.content.severity) } + button(notice)
    }

    private static func widget(_ fact: RunFact, _ severity: EventSeverity) -> JSONValue {
        let text = ChatText.html(fact.value, 250)
        let shown =
            fact.label.sameBytes(as: "Status") ? "<font color=\"\(severity.hexColor)\"><b>\(text)</b></font>" : text
        return ["decoratedText": ["topLabel": .string(fact.label), "text": .string(shown), "wrapText": true]]
    }

    private static func button(_ notice: Notice) -> [JSONValue] {
        guard let link = notice.link(atMost: 2000) else { return [] }
        let button: JSONValue = [
            "text": .string(notice.linkLabel), "onClick": ["openLink": ["url": .string(link)]],
        ]
        return [["buttonList": ["buttons": [button]]]]
    }
}
