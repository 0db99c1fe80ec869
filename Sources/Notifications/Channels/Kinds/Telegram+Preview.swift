extension Telegram {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let text = (try? JSONValue.parse(message.body))?["text"]?.string else { return nil }
        return MessagePreview(service: name, from: "Bot", html: text.pieces(between: "\n").map { String($0) })
    }
}

extension MessagePreview {
    /// Shows a message that is only text: a headline, what it is about, labeled values, and a link as the last line.
    init(service: String, from: String, html lines: [String]) {
        let link = lines.last?.firstMatch(of: /<a href="([^"]*)">/).map { Self.plain(String($0.output.1)) }
        let facts = lines.dropFirst(2).dropLast(link == nil ? 0 : 1).map { Self.fact(Self.withoutTags($0)) }
        self.init(
            service: service, from: from, text: nil, color: "#8c9ba8", title: Self.withoutTags(lines.first ?? ""),
            body: Self.withoutTags(lines.dropFirst().first ?? ""), facts: facts, link: link,
            linkLabel: link == nil ? nil : lines.last.map(Self.withoutTags), footer: nil)
    }

    /// Reads `Label: value`.
    static func fact(_ line: String) -> Fact {
        let parts = line.pieces(between: ":", atMost: 2).map { String($0) }
        let value = (parts.dropFirst().first ?? "").utf8.drop { $0 == UInt8(ascii: " ") }
        return Fact(label: parts.first ?? "", value: String(Substring(value)), lozenge: nil)
    }
}
