extension Teams {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body),
            let card = body["attachments"]?.array?.first?["content"], let elements = card["body"]?.array
        else { return nil }
        let texts = elements.filter { $0["type"] == .string("TextBlock") }.compactMap { $0["text"]?.string }
        let facts = elements.flatMap { $0["facts"]?.array ?? [] }.map { fact in
            MessagePreview.Fact(
                label: fact["title"]?.string ?? "",
                value: MessagePreview.withoutBackslashes(fact["value"]?.string ?? ""), lozenge: nil)
        }
        let button = card["actions"]?.array?.first
        return MessagePreview(
            service: name, from: "Workflows", text: nil, color: Self.shownColor(elements.first?["style"]?.string),
            title: elements.first?["items"]?.array?.first?["text"]?.string ?? "",
            body: MessagePreview.withoutBackslashes(texts.first ?? ""), facts: facts, link: button?["url"]?.string,
            linkLabel: button?["title"]?.string, footer: texts.dropFirst().first)
    }

    private static let shownColors = [("good", "#92c353"), ("warning", "#ffaa44"), ("attention", "#c4314b")]

    private static func shownColor(_ style: String?) -> String {
        shownColors.first { $0.0.sameBytes(as: style ?? "") }?.1 ?? "#6264a7"
    }
}
