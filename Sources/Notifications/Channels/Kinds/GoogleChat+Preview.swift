extension GoogleChat {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body), let card = body["cardsV2"]?.array?.first?["card"],
            let widgets = card["sections"]?.array?.first?["widgets"]?.array
        else { return nil }
        let rows = widgets.compactMap { $0["decoratedText"] }
        let button = widgets.compactMap { $0["buttonList"]?["buttons"]?.array?.first }.first
        let color = rows.compactMap { $0["text"]?.string.flatMap(Self.color) }.first
        return MessagePreview(
            service: name, from: "Webhook", text: nil, color: color ?? EventSeverity.information.hexColor,
            title: card["header"]?["title"]?.string ?? "",
            body: MessagePreview.withoutTags(widgets.first?["textParagraph"]?["text"]?.string ?? ""),
            facts: rows.map { row in
                MessagePreview.Fact(
                    label: row["topLabel"]?.string ?? "",
                    value: MessagePreview.withoutTags(row["text"]?.string ?? ""), lozenge: nil)
            }, link: button?["onClick"]?["openLink"]?["url"]?.string, linkLabel: button?["text"]?.string,
            footer: card["header"]?["subtitle"]?.string)
    }

    /// The color of a text that begins with one.
    private static func color(_ html: String) -> String? {
        html.firstMatch(of: /^<font color="(#[0-9a-f]{6})">/).map { String($0.output.1) }
    }
}

extension MessagePreview {
    /// The text of a message in HTML, whose own `<` and `>` are escaped.
    static func withoutTags(_ html: String) -> String {
        var bytes: [UInt8] = []
        var isTag = false
        for byte in html.utf8 {
            switch byte {
            case UInt8(ascii: "<"): isTag = true
            case UInt8(ascii: ">"): isTag = false
            default: if !isTag { bytes.append(byte) }
            }
        }
        return plain(String(decoding: bytes, as: UTF8.self))
    }
}
