extension HipChat {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body) else { return nil }
        guard let card = body["card"] else { return preview(withoutCard: body) }
        let facts = (card["attributes"]?.array ?? []).map { attribute in
            MessagePreview.Fact(
                label: attribute["label"]?.string ?? "", value: attribute["value"]?["label"]?.string ?? "",
                lozenge: attribute["value"]?["style"]?.string)
        }
        return MessagePreview(
            service: name, from: body["from"]?.string ?? "", text: nil,
            color: Self.shownColor(body["color"]?.string ?? ""), title: card["title"]?.string ?? "",
            body: MessagePreview.plain(card["description"]?["value"]?.string ?? ""), facts: facts,
            link: card["url"]?.string, linkLabel: nil, footer: nil)
    }

    private func preview(withoutCard body: JSONValue) -> MessagePreview {
        MessagePreview(
            service: name, from: body["from"]?.string ?? "", text: nil,
            color: Self.shownColor(body["color"]?.string ?? ""), title: "",
            body: HTMLText(body["message"]?.string ?? "").text, facts: [], link: nil, linkLabel: nil, footer: nil)
    }

    private static let shownColors = [("green", "#14892c"), ("yellow", "#f6c342"), ("red", "#d04437")]

    private static func shownColor(_ word: String) -> String {
        shownColors.first { $0.0.sameBytes(as: word) }?.1 ?? "#8c9ba8"
    }
}
