extension Slack {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body), let box = body["attachments"]?.array?.first,
            let blocks = box["blocks"]?.array
        else { return nil }
        let block = { (type: String) in blocks.first { $0["type"] == .string(type) } }
        let section = block("section")
        let button = block("actions")?["elements"]?.array?.first
        return MessagePreview(
            service: name, from: body["channel"] == nil ? "incoming-webhook" : "Bot",
            text: body["text"]?.string.map(MessagePreview.plain),
            color: Self.shownColor(box["color"]?.string ?? ""),
            title: MessagePreview.plain(block("header")?["text"]?["text"]?.string ?? ""),
            body: MessagePreview.plain(section?["text"]?["text"]?.string ?? ""),
            facts: (section?["fields"]?.array ?? []).map(Self.fact), link: button?["url"]?.string,
            linkLabel: button?["text"]?["text"]?.string.map(MessagePreview.plain),
            footer: block("context")?["elements"]?.array?.first?["text"]?.string.map(MessagePreview.plain))
    }

    /// Reads `*Label*` and the value on the next line.
    private static func fact(_ field: JSONValue) -> MessagePreview.Fact {
        let parts = (field["text"]?.string ?? "").pieces(between: "\n", atMost: 2)
        let label = String(parts.first ?? "").replacingBytes(of: "*", with: "")
        return MessagePreview.Fact(
            label: MessagePreview.plain(label), value: MessagePreview.plain(String(parts.dropFirst().first ?? "")),
            lozenge: nil)
    }

    /// https://docs.slack.dev/messaging/formatting-message-text/#attachments
    private static let shownColors = [("good", "#2eb886"), ("warning", "#daa038"), ("danger", "#a30200")]

    private static func shownColor(_ word: String) -> String {
        shownColors.first { $0.0.sameBytes(as: word) }?.1 ?? word
    }
}
