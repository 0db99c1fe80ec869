extension RocketChat {
    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body) else { return nil }
        return MessagePreview(
            service: name, from: body["alias"]?.string ?? "", text: body["text"]?.string, attachmentOf: body)
    }
}
