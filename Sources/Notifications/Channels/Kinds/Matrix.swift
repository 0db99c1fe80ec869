/// Matrix, by the client-server API (https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid).
package struct Matrix: ChannelKind {
    package let id = "matrix"
    package let name = "Matrix"
    package let mark = "Mx"
    package let summary =
        "Make an account for Runbell on your homeserver, invite it to the room, and enter its access token."

    package let fields = [
        Field(
            key: "url", label: "Homeserver", type: .url(.server), help: "The address of the account's homeserver.",
            example: "https://matrix.example.org"),
        Field(
            key: "access_token", label: "Access token", type: .text(bytes: 1000), isSecret: true,
            help: "The access token of the account, which must have joined the room.", example: "syt_…", rule: .token),
        Field(
            key: "room", label: "Room ID", type: .text(bytes: 255),
            help: "The internal ID in the room's advanced settings. It begins with an exclamation mark.",
            example: "!abcdefghijklmnopqr:example.org",
            rule: TextRule { text in
                if text.startsWithBytes(of: "#") {
                    return
                        "This is the room's alias. Enter its internal room ID, which begins with an exclamation mark."
                }
                let isID = text.startsWithBytes(of: "!") && text.utf8.count > 1
                return isID ? TextRule.token.error(text) : "A room's internal ID begins with an exclamation mark."
            }),
        .threads, .replace,
    ]

    /// What homeservers allow an account unless they are configured otherwise: ten at once, and one in five seconds
    /// (https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#rc_message).
    package let rate: SendingRate? = SendingRate(perMinute: 12, burst: 8)
    package let publicWords = ["_matrix", "client", "v3", "rooms", "send", "m.room.message"]

    package init() {}

    /// The transaction ID is the delivery's, so that the homeserver discards a repeated attempt.
    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let server = settings.text("url") ?? ""
        let room = PercentEncoding.encode(settings.text("room") ?? "")
        let path = "/_matrix/client/v3/rooms/\(room)/send/m.room.message/\(notice.deliveryID)"
        return HTTPMessage(
            method: .put, url: server.isEmpty ? "" : server.withoutSlash + path,
            headers: [.init("Authorization", "Bearer \(settings.text("access_token") ?? "")", isSecret: true)],
            json: Self.body(notice, notice.end(settings)))
    }

    package func errors(in settings: ChannelSettings) -> [ValidationError] { settings.errorsOfEnds }

    package func refersToStart(_ settings: ChannelSettings) -> Bool { settings.linksRuns }

    /// Homeservers have no code of their own for a relation that they do not accept.
    package func sentMessage(in answer: Answer) -> SentMessage {
        switch answer.status {
        case 200: .named(by: answer.json?["event_id"]?.string)
        case 400: answer.json?["errcode"] == .string("M_UNKNOWN") ? .unknown : .unnamed
        default: .unnamed
        }
    }

    /// A link to a room, at matrix.to or in Element, or the address that messages are sent to; what it does not name has to
    /// be entered beside it. Of Apprise, `matrixs://TOKEN@HOST/!ROOM`.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        if address.isOf("matrix", "matrixs") { return recognize(apprise: address) }
        guard address.isOf("https", "http"), address.user == nil else { return nil }
        let path = address.path
        if let room = path.last, path.count > 1, path[0].sameBytes(as: "#"),
            ["matrix.to", "app.element.io"].contains(where: address.host.sameBytes)
        {
            return Self.isRoom(room) ? ChannelSettings(texts: ["room": room]) : nil
        }
        guard path.count > 4, path[0].sameBytes(as: "_matrix"), path[3].sameBytes(as: "rooms"), Self.isRoom(path[4])
        else { return nil }
        return ChannelSettings(texts: [
            "url": "\(address.scheme)://\(address.server)", "room": path[4], "access_token": address["access_token"],
        ])
    }

    /// Apprise adds the server to a room without one, and has other modes, which use other services.
    private func recognize(apprise address: PastedAddress) -> ChannelSettings? {
        guard let token = address.user, address.password == nil, address.path.count == 1, address.queryNames.isEmpty,
            address.path[0].startsWithBytes(of: "!"), address.path[0].utf8.contains(UInt8(ascii: ":"))
        else { return nil }
        let scheme = address.isOf("matrixs") ? "https" : "http"
        return ChannelSettings(texts: [
            "url": "\(scheme)://\(address.server)", "access_token": token, "room": address.path[0],
        ])
    }

    /// A room's ID, or its alias, of which the form says that it takes the ID.
    private static func isRoom(_ text: String) -> Bool {
        text.startsWithBytes(of: "!") || text.startsWithBytes(of: "#")
    }

    package func verdict(on answer: Answer) -> Verdict {
        let body = answer.json
        let wait = answer.wait(orMilliseconds: body?["retry_after_ms"])
        switch answer.status {
        case 200 where body?["event_id"]?.string != nil: return .delivered
        case 429: return .retry(MatrixError.rateLimited, after: wait)
        case 400..<500:
            return MatrixError.table.verdict(on: body?["errcode"]?.string, after: wait)
                ?? .common(answer, service: name)
        default: return .common(answer, service: name)
        }
    }
}

extension Matrix {
    /// A notice, to which bots do not reply. The empty `m.mentions` says that it mentions nobody
    /// (https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions).
    private static func body(_ notice: Notice, _ end: EndOfRun) -> JSONValue {
        var content = content(notice)
        switch end {
        case .standsAlone: break
        case .answers(let id): content["m.relates_to"] = thread(id)
        case .replaces(let id):
            content["m.new_content"] = .object(content)
            content["m.relates_to"] = ["rel_type": "m.replace", "event_id": .string(id)]
        }
        return .object(content)
    }

    /// Clients that know no threads show it as a reply
    /// (https://spec.matrix.org/latest/client-server-api/#fallback-for-unthreaded-clients).
    private static func thread(_ id: String) -> JSONValue {
        [
            "rel_type": "m.thread", "event_id": .string(id), "is_falling_back": true,
            "m.in_reply_to": ["event_id": .string(id)],
        ]
    }

    private static func content(_ notice: Notice) -> JSONObject {
        var content = JSONObject()
        content["msgtype"] = "m.notice"
        content["body"] = .string(text(notice))
        content["format"] = "org.matrix.custom.html"
        content["formatted_body"] = .string(html(notice))
        content["m.mentions"] = [:]
        return content
    }

    private static func headline(_ notice: Notice) -> String {
        "\(notice.content.severity.symbol) \(notice.content.headline)"
    }

    /// Notifications and simple clients show the text.
    private static func text(_ notice: Notice) -> String {
        let facts = notice.facts.map { "\($0.label): \(ChatText.plain($0.value, 250))" }
        let lines = ["\(headline(notice)): \(ChatText.plain(notice.subject, 1500))"] + facts
        return (lines + [notice.link(atMost: 2000)].compactMap { $0 }).joined(separator: "\n")
    }

    /// What users wrote stands in code: elsewhere, clients link whatever looks like a host or a room.
    private static func html(_ notice: Notice) -> String {
        let lines =
            ["<strong>\(headline(notice))</strong>", code(notice.subject, 1500)]
            + notice.facts.map { "\($0.label): \($0.isUserText ? code($0.value, 250) : $0.value)" }
        let link = notice.link(atMost: 2000).map { "<a href=\"\(HTMLEscaping.escape($0))\">\(notice.linkLabel)</a>" }
        return (lines + [link].compactMap { $0 }).joined(separator: "<br>")
    }

    private static func code(_ text: String, _ limit: Int) -> String { "<code>\(ChatText.html(text, limit))</code>" }
}
