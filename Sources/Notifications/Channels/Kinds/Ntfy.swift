/// ntfy's JSON publishing (https://docs.ntfy.sh/publish/#publish-as-json).
package struct Ntfy: ChannelKind {
    package let id = "ntfy"
    package let name = "ntfy"
    package let group = ChannelGroup.onCall
    package let summary =
        "Choose a topic that nobody else can guess, subscribe to it in the ntfy app, and enter it here."

    package let fields = [
        Field(
            key: "topic", label: "Topic", type: .text(bytes: 64), isSecret: true,
            help:
                "Up to 64 letters, digits, dashes and underscores. Who knows the topic of a public server can read it.",
            example: "acme-load-tests-8f3k2m", rule: Self.topic),
        Field(
            key: "url", label: "Server", type: .url(.server), isRequired: false,
            help: "The ntfy server, if it is not ntfy.sh.", example: Self.server, standard: Self.server),
        Field(
            key: "token", label: "Access token", type: .text(bytes: 200), isRequired: false, isSecret: true,
            help: "For a protected topic: an access token, tk_…, that may write to it.", rule: .token),
        Field(
            key: "replace", label: "Replace the start", type: .bool, isRequired: false,
            help: "Whether the notification of a run's end replaces the one of its start. Needs ntfy 2.16 or later.",
            example: "false"),
    ]

    /// A visitor may send 60 requests at once, and one every five seconds after that.
    package let rate: SendingRate? = SendingRate(perMinute: 12, burst: 30)

    package init() {}

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let token = settings.text("token").map { HTTPMessage.Header("Authorization", "Bearer \($0)", isSecret: true) }
        let body = Self.body(
            notice, topic: settings.text("topic") ?? "", replaces: settings.flag("replace") ?? false)
        return HTTPMessage(
            url: HTTPMessage.address(settings.text("url"), "/"), headers: [token].compactMap { $0 }, json: body
        ).hiding(["topic"])
    }

    /// A topic's page at ntfy.sh; of Apprise, `ntfy://TOPIC` and `ntfys://TOKEN@HOST/TOPIC`.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        if let url = address.url {
            guard url.host.sameBytes(as: "ntfy.sh"), address.path.count == 1 else { return nil }
            return ChannelSettings(texts: ["topic": address.path[0], "url": Self.server])
        }
        guard address.isOf("ntfy", "ntfys") else { return nil }
        if address.path.isEmpty { return ChannelSettings(texts: ["topic": address.host, "url": Self.server]) }
        guard address.path.count == 1, address.password == nil else { return nil }
        let scheme = address.isOf("ntfys") ? "https" : "http"
        let port = address.port.map { ":\($0)" } ?? ""
        return ChannelSettings(texts: [
            "topic": address.path[0], "url": "\(scheme)://\(address.host)\(port)", "token": address.user,
        ])
    }

    package func verdict(on answer: Answer) -> Verdict {
        let json = answer.json
        if answer.status == 200 {
            let isMessage = json?["event"]?.string?.sameBytes(as: "message") ?? false
            return isMessage ? .delivered : .common(answer, service: name)
        }
        let code = json?["code"]?.integer.map { String($0) }
        return NtfyError.table.verdict(on: code, after: answer.retryAfter) ?? NtfyError.verdict(on: answer)
    }

    private static let server = "https://ntfy.sh"

    private static let topic = TextRule { text in
        text.wholeMatch(of: /[-_A-Za-z0-9]{1,64}/) == nil
            ? "A topic has at most 64 letters, digits, dashes and underscores." : nil
    }
}

extension Ntfy {
    private static func body(_ notice: Notice, topic: String, replaces: Bool) -> JSONValue {
        var body = JSONObject()
        body["topic"] = .string(topic)
        body["title"] = .string(notice.content.headline)
        body["message"] = .string(text(notice))
        body["priority"] = .integer(priority(notice.content.severity))
        body["tags"] = [.string(tag(notice.content))]
        if let link = notice.link(atMost: 2000) {
            body["click"] = .string(link)
            body["actions"] = [["action": "view", "label": .string(notice.linkLabel), "url": .string(link)]]
        }
        if replaces, let run = notice.content.run { body["sequence_id"] = .string("run-\(run.id)") }
        return .object(body)
    }

    /// At most 4,096 bytes: a UTF-16 unit has at most three. ntfy turns longer messages into attachments.
    private static func text(_ notice: Notice) -> String {
        DisplayText.cut(notice.incidentLines(subject: 500, value: 100), to: 1300)
    }

    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body), let text = body["message"]?.string else { return nil }
        return MessagePreview(
            service: name, color: "#338574", title: body["title"]?.string ?? "",
            lines: text.pieces(between: "\n").map { String($0) }, link: body["click"]?.string)
    }

    private static func priority(_ severity: EventSeverity) -> Int64 {
        switch severity {
        case .information: 2
        case .passed, .stoppedByUser: 3
        case .stoppedBySystem, .scriptError, .threshold: 4
        }
    }

    /// ntfy shows these as emoji (https://docs.ntfy.sh/emojis/).
    private static func tag(_ content: EventContent) -> String {
        switch content.severity {
        case .information: content.run == nil ? "bell" : "arrow_forward"
        case .passed: "white_check_mark"
        case .stoppedByUser, .stoppedBySystem: "warning"
        case .scriptError: "x"
        case .threshold: "rotating_light"
        }
    }
}
