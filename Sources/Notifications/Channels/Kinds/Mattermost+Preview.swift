extension Mattermost {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body) else { return nil }
        return MessagePreview(service: name, from: body["username"]?.string ?? "", attachmentOf: body)
    }
}

extension MessagePreview {
    /// Shows the first attachment of a message in the form that Slack introduced, with what users wrote in code spans.
    init?(service: String, from: String, text: String? = nil, attachmentOf body: JSONValue) {
        guard let box = body["attachments"]?.array?.first else { return nil }
        let facts = (box["fields"]?.array ?? []).map { field in
            Fact(
                label: field["title"]?.string ?? "", value: Self.withoutCode(field["value"]?.string ?? ""), lozenge: nil
            )
        }
        self.init(
            service: service, from: from, text: text, color: box["color"]?.string ?? "",
            title: box["title"]?.string ?? "", body: Self.withoutCode(box["text"]?.string ?? ""), facts: facts,
            link: box["title_link"]?.string, linkLabel: nil, footer: box["footer"]?.string)
    }

    /// The text in a code span, or the text itself if it is in none.
    static func withoutCode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "`"), bytes.last == UInt8(ascii: "`") else { return text }
        return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    /// Reads every backslash as an escape of the character behind it.
    static func withoutBackslashes(_ text: String) -> String {
        var result: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                result.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
