import Foundation

/// Zulip's messages, sent by a bot (https://zulip.com/api/send-message).
package struct Zulip: ChannelKind {
    package let id = "zulip"
    package let name = "Zulip"
    package let summary =
        "In Zulip, add a bot of the type Incoming webhook in the settings, and copy its email and API key."

    package let fields = [
        Field(
            key: "url", label: "Zulip server", type: .url(.server),
            help: "The address of your organization's Zulip.", example: "https://example.zulipchat.com"),
        Field(
            key: "email", label: "Bot's email", type: .text(bytes: 254),
            help: "The email that Zulip shows for the bot.", example: "load-tests-bot@example.zulipchat.com",
            rule: TextRule { text in
                TextRule.token.error(text)
                    ?? (text.wholeMatch(of: /[^@:]+@[^@:]+/) == nil
                        ? "Must be the email that Zulip shows for the bot." : nil)
            }),
        Field(
            key: "api_key", label: "API key", type: .text(bytes: 200), isSecret: true,
            help: "The API key that Zulip shows for the bot.", example: "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", rule: .token
        ),
        Field(
            key: "channel", label: "Channel", type: .text(bytes: 240),
            help: "The name of the channel that the messages go to.", example: "load-tests"),
        Field(
            key: "topic", label: "Topic", type: .text(bytes: 60), isRequired: false,
            help: "The topic that the messages go to. Left out, each load test has a topic with its name.",
            example: "Load tests"),
    ]

    /// 200 requests per minute (https://zulip.com/api/rest-error-handling#rate-limit-exceeded).
    package let rate: SendingRate? = SendingRate(perMinute: 180, burst: 20)
    package let publicWords = ["api", "v1", "messages"]

    package init() {}

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let server = settings.text("url") ?? ""
        let login = "\(settings.text("email") ?? ""):\(settings.text("api_key") ?? "")"
        let fields = [
            ("type", "stream"), ("to", Self.recipient(settings.text("channel") ?? "")),
            ("topic", settings.text("topic") ?? Self.topic(notice)), ("content", Self.content(notice)),
        ]
        return HTTPMessage(
            url: server.isEmpty ? "" : server.withoutSlash + "/api/v1/messages",
            headers: [
                .init("Content-Type", "application/x-www-form-urlencoded"), .init("User-Agent", "Runbell/1.0"),
                .init("Authorization", "Basic \(Data(login.utf8).base64EncodedString())", isSecret: true),
            ], body: PercentEncoding.form(fields))
    }

    /// The address of an integration, with the API key and the channel; any address at Zulip's own host. The bot's email has
    /// to be entered beside it. Of Apprise, `zulip://BOT@ORGANIZATION/KEY/CHANNEL`.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        if address.isOf("zulip") { return recognize(apprise: address) }
        let isIntegration =
            address.path.count == 4 && address["api_key"] != nil
            && zip(address.path, ["api", "v1", "external"]).allSatisfy { $0.sameBytes(as: $1) }
        guard address.isOf("https", "http"), address.user == nil,
            isIntegration || address.host.endsInBytes(of: ".zulipchat.com")
        else { return nil }
        return ChannelSettings(texts: [
            "url": "\(address.scheme)://\(address.server)", "api_key": address["api_key"],
            "channel": address["stream"] ?? address["channel"], "topic": address["topic"],
        ])
    }

    /// Apprise takes the bot's name with or without `-bot`, and an organization of Zulip's own service without its domain.
    private func recognize(apprise address: PastedAddress) -> ChannelSettings? {
        guard let bot = address.user, address.password == nil, address.path.count == 2, address.queryNames.isEmpty
        else { return nil }
        let channel = address.path[1].utf8.drop { $0 == UInt8(ascii: "#") }
        guard !channel.contains(UInt8(ascii: "@")) else { return nil }
        let host = address.host.utf8.contains(UInt8(ascii: ".")) ? address.host : "\(address.host).zulipchat.com"
        let name = bot.endsInBytes(of: "-bot") ? bot : "\(bot)-bot"
        return ChannelSettings(texts: [
            "url": "https://\(host)", "email": "\(name)@\(host)", "api_key": address.path[0],
            "channel": String(Substring(channel)),
        ])
    }

    package func verdict(on answer: Answer) -> Verdict {
        let body = answer.json
        let wait = answer.wait(orSeconds: body?["retry-after"])
        switch answer.status {
        case 200 where body?["result"] == .string("success"): return .delivered
        case 429: return .retry(ZulipError.rateLimited, after: wait)
        case 200..<500:
            return ZulipError.reasons.verdict(onSentence: body?["msg"]?.string, after: nil)
                ?? ZulipError.table.verdict(on: body?["code"]?.string, after: wait) ?? .common(answer, service: name)
        default: return .common(answer, service: name)
        }
    }
}

extension Zulip {
    /// Zulip reads JSON here, and a number as a channel's ID, so a name such as 2026 is sent as a text of JSON
    /// (`extract_stream_indicator` in zerver/actions/message_send.py).
    private static func recipient(_ channel: String) -> String {
        (try? JSONValue.parse(Array(channel.utf8))) == nil ? channel : JSONValue.string(channel).compactText
    }

    /// At most 60 characters. Topics are plain text, without noncharacters (zerver/lib/string_validation.py).
    private static func topic(_ notice: Notice) -> String {
        guard let run = notice.content.run else { return "Runbell" }
        let name = run.displayName.unicodeScalars.filter { !$0.properties.isNoncharacterCodePoint }
        return ChatText.plain(String(String.UnicodeScalarView(name)), 60)
    }

    /// At most 10,000 characters, in Markdown. What users wrote stands in code spans, in which Zulip looks for neither
    /// markup nor mentions.
    private static func content(_ notice: Notice) -> String {
        let headline = "\(notice.content.severity.symbol) **\(notice.content.headline)**"
        let link = notice.link(atMost: 2000).map { "[\(notice.linkLabel)](\($0.asZulipLink))" }
        let lines = [headline, ChatText.code(notice.subject, 1500)] + notice.facts.map(line) + [link].compactMap { $0 }
        return lines.joined(separator: "\n")
    }

    private static func line(_ fact: RunFact) -> String {
        "* \(fact.label): \(fact.isUserText ? ChatText.code(fact.value, 250) : fact.value)"
    }
}

extension String {
    /// An address without the slash at its end.
    var withoutSlash: String { endsInBytes(of: "/") ? String(decoding: utf8.dropLast(), as: UTF8.self) : self }

    /// An address that Zulip takes as a whole. It looks for mentions and formulas before it looks for links, and a mention
    /// may stand behind a slash (zerver/lib/mention.py): `/@**all**` would notify everybody.
    fileprivate var asZulipLink: String {
        utf8.reduce(into: "") { link, byte in
            let isMark = "()[]*$@~".utf8.contains(byte)
            link += isMark ? "%" + String(byte, radix: 16, uppercase: true) : String(Unicode.Scalar(byte))
        }
    }
}
