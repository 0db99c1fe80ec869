/// HipChat's room notification, API v2 (formerly documented at
/// https://www.hipchat.com/docs/apiv2/method/send_room_notification). The cloud service has ended; servers that
/// organizations run themselves may be left.
package struct HipChat: ChannelKind {
    package let id = "hipchat"
    package let name = "HipChat"
    package let summary =
        "In the HipChat room, build your own integration and copy the address that messages can be posted to."

    package let fields = [
        Field(
            key: "url", label: "Room URL", type: .url(Self.address), isSecret: true,
            help: "The address that the room's integration shows, with its auth_token.",
            example: "https://example.hipchat.com/v2/room/1234567/notification?auth_token=…"),
        Field(
            key: "auth_token", label: "Token", type: .text(bytes: 200), isRequired: false, isSecret: true,
            help: "The token, when it does not stand in the address. It needs the scope send_notification."),
        Field(
            key: "notify", label: "Notify people", type: .bool, isRequired: false,
            help: "Whether the people in the room are notified, with a sound as they have set it.", example: "false"),
    ]

    /// A room accepts 30 messages a minute; 25 a minute with bursts of five never exceed that in any minute.
    package let rate: SendingRate? = SendingRate(perMinute: 25, burst: 5)
    package let publicWords = ["v2", "room", "notification", "auth_token"]

    package init() {}

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        var headers: [HTTPMessage.Header] = [
            .init("Content-Type", "application/json"), .init("User-Agent", "Runbell/1.0"),
        ]
        if let token = settings.text("auth_token") {
            headers.append(.init("Authorization", "Bearer \(token)", isSecret: true))
        }
        let body = Self.body(notice, notify: settings.flag("notify"))
        return HTTPMessage(url: settings.text("url") ?? "", headers: headers, body: body.compactBytes)
    }

    package func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        case 204: .delivered
        case 400: .refused(HipChatError.badRequest)
        case 401: .gone(HipChatError.unauthorized)
        case 403: .gone(HipChatError.forbidden)
        case 404: .gone(HipChatError.roomNotFound)
        case 405: .gone(HipChatError.wrongAddress)
        case 429: .retry(HipChatError.tooManyRequests, after: HipChatError.wait(answer))
        default: .common(answer, service: name)
        }
    }

    /// Servers that organizations run themselves may be left.
    package func end(of settings: ChannelSettings) -> String? {
        guard let url = settings.text("url").flatMap({ try? OutboundURL(parsing: $0) }), Self.isOwn(url.host) else {
            return nil
        }
        return "This service ended on 15 February 2019."
    }

    private static func isOwn(_ host: String) -> Bool {
        host.sameBytes(as: "hipchat.com") || host.utf8.suffix(12).elementsEqual(".hipchat.com".utf8)
    }

    private static let address = URLRule { url in
        if isOwn(url.host), url.scheme != .https || url.port != 443 {
            return "HipChat's own addresses begin with https:// and have no port."
        }
        let form = /\/v2\/room\/[^\/?]+\/notification\/?(?:\?.*)?/
        guard url.target.wholeMatch(of: form) != nil else {
            return "A HipChat address ends in /v2/room/ROOM/notification, with ?auth_token=… behind it."
        }
        return nil
    }
}

extension HipChat {
    /// Old clients and notifications show the message; clients that support cards show the card.
    private static func body(_ notice: Notice, notify: Bool?) -> JSONValue {
        if let message = notice.content.message { return body(message, notify: notify) }
        return [
            "from": "Load tests",
            "color": .string(color(notice.content.severity)),
            "notify": .bool(notify ?? false),
            "message_format": "html",
            "message": .string(message(notice)),
            "card": card(notice),
        ]
    }

    /// A message that was posted as it is for HipChat arrives as it came, without a card. Text is sent as HTML, in which
    /// HipChat recognizes no mentions.
    private static func body(_ message: PostedMessage, notify: Bool?) -> JSONValue {
        [
            "from": .string(DisplayText.cut(DisplayText.line(message.from ?? "Runbell"), to: 64)),
            "color": .string((message.color ?? .yellow).rawValue),
            "notify": .bool(notify ?? message.notify),
            "message_format": "html",
            "message": .string(message.html ?? literal(DisplayText.lines(message.text), 10_000)),
        ]
    }

    private static func message(_ notice: Notice) -> String {
        let headline = "<b>\(literal(notice.content.headline, 200))</b>"
        guard let run = notice.content.run else {
            return "\(headline): \(literal(notice.content.explanation, 1000))"
        }
        let facts = run.facts.map { "\($0.label): \(literal($0.value, 300))" }.joined(separator: " · ")
        return "\(headline): \(linked(literal(run.displayName, 2500), to: notice.runLink))<br>\(facts)"
    }

    private static func linked(_ html: String, to link: String?) -> String {
        guard let link, link.utf16.count <= 1000 else { return html }
        return "<a href=\"\(literal(link, 6000))\">\(html)</a>"
    }

    /// Both events of a run have the same id, so that HipChat updates one card.
    private static func card(_ notice: Notice) -> JSONValue {
        let headline = notice.content.headline
        guard let run = notice.content.run else {
            return [
                "style": "application", "format": "medium", "id": .string("test-\(notice.deliveryID)"),
                "title": .string(headline), "description": description(notice.content.explanation),
            ]
        }
        var card = JSONObject([
            .init(key: "style", value: "application"), .init(key: "format", value: "medium"),
            .init(key: "id", value: .string("run-\(run.id)")),
            .init(key: "title", value: .string(DisplayText.cut(run.displayName, to: 500))),
            .init(key: "description", value: description(headline)),
            .init(key: "attributes", value: .array(attributes(run, notice.content.severity))),
            .init(key: "activity", value: ["html": .string("<b>\(literal(headline, 200))</b>: run \(run.id)")]),
        ])
        if let link = notice.runLink { card["url"] = .string(link) }
        return .object(card)
    }

    private static func description(_ text: String) -> JSONValue {
        ["format": "html", "value": .string(literal(text, 1000))]
    }

    private static func attributes(_ run: LoadTestRun, _ severity: EventSeverity) -> [JSONValue] {
        run.facts.map { fact in
            var value = JSONObject([.init(key: "label", value: .string(DisplayText.cut(fact.value, to: 300)))])
            if fact.label.sameBytes(as: "Status") { value["style"] = .string(lozenge(severity)) }
            return ["label": .string(fact.label), "value": .object(value)]
        }
    }

    /// In HTML messages, HipChat recognizes neither mentions nor emoticons.
    private static func literal(_ text: String, _ limit: Int) -> String {
        DisplayText.cut(text, to: limit) { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: scalar.value == 0x0A ? "<br>" : nil
            }
        }
    }

    private static func color(_ severity: EventSeverity) -> String {
        switch severity {
        case .information: "gray"
        case .passed: "green"
        case .stoppedByUser, .stoppedBySystem: "yellow"
        case .scriptError, .threshold: "red"
        }
    }

    private static func lozenge(_ severity: EventSeverity) -> String {
        switch severity {
        case .information: "lozenge-current"
        case .passed: "lozenge-success"
        case .stoppedByUser, .stoppedBySystem: "lozenge-moved"
        case .scriptError, .threshold: "lozenge-error"
        }
    }
}
