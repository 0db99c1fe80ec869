extension Discord {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body), let embed = body["embeds"]?.array?.first else {
            return nil
        }
        let facts = (embed["fields"]?.array ?? []).map { field in
            MessagePreview.Fact(
                label: field["name"]?.string ?? "",
                value: MessagePreview.withoutBackslashes(field["value"]?.string ?? ""), lozenge: nil)
        }
        return MessagePreview(
            service: name, from: body["username"]?.string ?? "", text: nil,
            color: "#" + EventSeverity.hexadecimal(embed["color"]?.integer ?? 0), title: embed["title"]?.string ?? "",
            body: MessagePreview.withoutBackslashes(embed["description"]?.string ?? ""), facts: facts,
            link: embed["url"]?.string, linkLabel: nil, footer: embed["footer"]?["text"]?.string)
    }
}
